#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "import/xlsx_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int fd = memfd_create("workbook", 0);
  if (write(fd, data, size) == static_cast<ssize_t>(size)) {
    auto reader = comity::XlsxReader::Open(fd, "");
    comity::Row row;
    while (reader.ok()) {
      const absl::StatusOr<bool> more = (*reader)->Next(&row);
      if (!more.ok() || !*more) break;
    }
  }
  close(fd);
  return 0;
}
