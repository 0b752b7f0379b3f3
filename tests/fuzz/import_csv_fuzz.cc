#include "tests/fuzz/import_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  comity::Understand(data, size, comity::v1::IMPORT_FORMAT_CSV);
  return 0;
}
