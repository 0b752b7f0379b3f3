#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "import/law_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  comity::LawReadOptions options;
  options.format = size % 2 == 0 ? "text" : "markdown";
  (void)comity::ReadLaw(std::string("\n").append(bytes.data(), bytes.size()),
                        options);
  return 0;
}
