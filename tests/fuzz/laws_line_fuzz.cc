#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "import/law_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)comity::ReadLawLine(bytes);
  return 0;
}
