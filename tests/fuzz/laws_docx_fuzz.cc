#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "import/laws/file_blocks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const int file = memfd_create("law", 0);
  if (file < 0 || write(file, bytes.data(), bytes.size()) < 0) return 0;
  (void)comity::laws::DocxBlocks(file);
  close(file);
  return 0;
}
