#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "import/law_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  // A declaration keeps it from being taken for another format.
  (void)comity::ReadLaw(
      std::string("<?xml version=\"1.0\"?>").append(bytes.data(), bytes.size()),
      {});
  return 0;
}
