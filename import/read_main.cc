// comity-read SHEET: reads the workbook on standard input and gives the rows of
// a sheet (empty: the first) as frames on standard output.
// comity-read --law FORMAT: reads a document of a law and gives its paragraphs.
// Started by ChildProcess, for the server; of no use by hand.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/limits.h"
#include "import/child.h"
#include "import/laws/block_frames.h"
#include "import/laws/file_blocks.h"
#include "import/laws/limits.h"
#include "import/xlsx_reader.h"

namespace comity {
namespace {

constexpr size_t kFlushBytes = 64 << 10;

void Limit(int resource, uint64_t most) {
  const rlimit limit = {most, most};
  setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

// The filters of the kernel are not used: libraries that parse fonts and
// pictures open files of their own. What they may do is bounded all the same:
// no file is written, no program started with more rights.
void LimitMyself(uint64_t memory_bytes, uint64_t cpu_seconds) {
  // With the server gone nobody reads the rows.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_FSIZE, 0);
  Limit(RLIMIT_NOFILE, 16);
  Limit(RLIMIT_CPU, cpu_seconds);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // Sanitizers reserve terabytes of address space.
  Limit(RLIMIT_AS, memory_bytes);
#else
  (void)memory_bytes;
#endif
}

// False if nobody reads any more.
bool Flush(std::string* out) {
  absl::string_view rest = *out;
  while (!rest.empty()) {
    const ssize_t written = write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(written));
  }
  out->clear();
  return true;
}

absl::Status WriteRows(absl::string_view sheet, std::string* out) {
  absl::StatusOr<std::unique_ptr<XlsxReader>> reader =
      XlsxReader::Open(STDIN_FILENO, sheet);
  if (!reader.ok()) return reader.status();
  for (const std::string& remark : (*reader)->remarks()) {
    laws::AppendFrame('M', remark, out);
  }
  Row row;
  while (true) {
    const absl::StatusOr<bool> more = (*reader)->Next(&row);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    AppendRowFrame(row, out);
    if (out->size() > kFlushBytes && !Flush(out)) return absl::OkStatus();
  }
}

// All of standard input; laws have a limit that fits into memory.
absl::StatusOr<std::string> ReadInput() {
  std::string bytes;
  std::string chunk(1 << 20, '\0');
  while (true) {
    const ssize_t size = read(STDIN_FILENO, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return bytes;
    bytes.append(chunk, 0, static_cast<size_t>(size));
    if (bytes.size() > law_limits::kFileBytesMax) {
      return absl::ResourceExhaustedError("the file is too long");
    }
  }
}

absl::Status WriteBlocks(absl::string_view format, std::string* out) {
  const absl::StatusOr<std::string> bytes = ReadInput();
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<laws::BlockText> text =
      laws::FileBlocks(format, STDIN_FILENO, *bytes);
  if (!text.ok()) return text.status();
  laws::AppendHeadFrame(*text, out);
  for (const std::string& remark : text->remarks) {
    laws::AppendFrame('M', remark, out);
  }
  for (const laws::Block& block : text->blocks) {
    if (block.text.size() > law_limits::kBlockBytesMax / 2) {
      return absl::ResourceExhaustedError("a paragraph is too long");
    }
    laws::AppendBlockFrame(block, out);
    if (out->size() > kFlushBytes && !Flush(out)) return absl::OkStatus();
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  const bool law = argc == 3 && absl::string_view(argv[1]) == "--law";
  if (law) {
    LimitMyself(law_limits::kProcessMemoryBytesMax,
                law_limits::kProcessCpuSecondsMax);
  } else {
    LimitMyself(limits::kReaderMemoryBytesMax, limits::kReaderCpuSecondsMax);
  }
  std::string out;
  const absl::Status status = law ? WriteBlocks(argv[2], &out)
                                  : WriteRows(argc > 1 ? argv[1] : "", &out);
  if (status.ok()) {
    laws::AppendFrame('Z', "", &out);
  } else {
    // `x`: over a limit; `i`: not a file that can be read.
    std::string body(absl::IsResourceExhausted(status) ? "x" : "i");
    body.append(status.message().data(), status.message().size());
    laws::AppendFrame('E', body, &out);
  }
  return Flush(&out) ? 0 : 1;
}

}  // namespace
}  // namespace comity

int main(int argc, char** argv) { return comity::Main(argc, argv); }
