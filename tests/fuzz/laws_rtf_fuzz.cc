#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "import/laws/file_blocks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)comity::laws::RtfBlocks(bytes);
  return 0;
}
