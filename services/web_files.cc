#include "services/web_files.h"

#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/errors.h"
#include "base/limits.h"

namespace comity {
namespace {

namespace fs = std::filesystem;

constexpr char kPage[] = "/index.html";
// Built files have a digest in their names.
constexpr char kImmutable[] = "/assets/";

// IANA media types, by the end of the name.
constexpr struct {
  const char* end;
  const char* type;
} kMediaTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

std::string MediaTypeOf(absl::string_view path) {
  for (const auto& each : kMediaTypes) {
    if (absl::EndsWith(path, each.end)) return each.type;
  }
  return "application/octet-stream";
}

std::string BytesOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

absl::StatusOr<WebFiles> WebFiles::Read(const std::string& folder) {
  WebFiles files;
  std::error_code error;
  size_t bytes = 0;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::end(at); at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    bytes += static_cast<size_t>(at->file_size(error));
    if (error || bytes > limits::kWebFilesBytesMax) break;
    const std::string path =
        "/" + at->path().lexically_relative(folder).generic_string();
    absl::string_view name = path;
    if (absl::ConsumeSuffix(&name, ".gz")) {
      files.files_[std::string(name)].gzip = BytesOf(at->path());
    } else if (absl::ConsumeSuffix(&name, ".br")) {
      files.files_[std::string(name)].brotli = BytesOf(at->path());
    } else {
      files.files_[path].bytes = BytesOf(at->path());
    }
  }
  if (error) return InvalidField("web_folder", folder, "must be readable");
  if (bytes > limits::kWebFilesBytesMax) {
    return InvalidField("web_folder", folder,
                        absl::StrCat("must have at most ",
                                     limits::kWebFilesBytesMax, " bytes"));
  }
  if (files.files_.count(kPage) == 0) {
    return InvalidField("web_folder", folder, "must have an index.html");
  }
  for (auto& [path, file] : files.files_) {
    file.media_type = MediaTypeOf(path);
    file.immutable = absl::StartsWith(path, kImmutable);
    file.etag = absl::StrCat(
        "\"",
        absl::Hex(XXH3_64bits(file.bytes.data(), file.bytes.size()),
                  absl::kZeroPad16),
        "\"");
  }
  return files;
}

const WebFile* WebFiles::Find(absl::string_view path) const {
  const auto file = files_.find(std::string(path));
  if (file != files_.end()) return &file->second;
  // `/states/LTU` is a page; `/assets/gone.js` and a method that there is not,
  // `/comity.v1.X/Y`, are nothing.
  if (absl::StrContains(path, '.')) return nullptr;
  const auto page = files_.find(kPage);
  return page == files_.end() ? nullptr : &page->second;
}

}  // namespace comity
