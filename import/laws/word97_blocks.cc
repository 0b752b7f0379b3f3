// Word 97 to 2003 documents: the text of the main document, from its piece
// table ([MS-DOC] 2.4.1), out of a compound file ([MS-CFB]).

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "import/laws/file_blocks.h"
#include "import/laws/limits.h"

namespace comity::laws {
namespace {

constexpr uint32_t kSectorsMax = 0xFFFFFFFAU;
constexpr uint32_t kNoStream = 0xFFFFFFFFU;

absl::Status Damaged(const char* what) {
  return absl::InvalidArgumentError(
      absl::StrCat("the Word document is damaged: ", what));
}

bool Has(absl::string_view bytes, size_t position, size_t size) {
  return position <= bytes.size() && size <= bytes.size() - position;
}

uint32_t NumberAt(absl::string_view bytes, size_t position, unsigned size) {
  if (!Has(bytes, position, size)) return 0;
  uint32_t number = 0;
  for (unsigned i = 0; i < size; ++i) {
    number |=
        static_cast<uint32_t>(static_cast<unsigned char>(bytes[position + i]))
        << (8 * i);
  }
  return number;
}

// A file system in a file.
class CompoundFile {
 public:
  explicit CompoundFile(absl::string_view bytes) : bytes_(bytes) {}

  absl::Status Open();
  // A stream directly below the root: documents embed others.
  absl::StatusOr<std::string> Stream(absl::string_view name) const;

 private:
  struct Entry {
    std::string name;
    uint32_t left = kNoStream;
    uint32_t right = kNoStream;
    uint32_t child = kNoStream;
    uint32_t start = 0;
    uint32_t size = 0;
  };

  // The sectors from `start` on, at most `bytes_max` bytes of them.
  absl::StatusOr<std::string> Chain(uint32_t start, size_t bytes_max) const;

  absl::string_view bytes_;
  size_t sector_bytes_ = 512;
  uint32_t small_stream_max_ = 4096;
  std::vector<uint32_t> next_;
  std::vector<uint32_t> small_next_;
  std::string small_;
  std::vector<Entry> entries_;
};

absl::StatusOr<std::string> CompoundFile::Chain(uint32_t start,
                                                size_t bytes_max) const {
  std::string out;
  size_t sectors = 0;
  while (start < kSectorsMax && out.size() < bytes_max) {
    if (start >= next_.size() || ++sectors > next_.size()) {
      return Damaged("a chain of sectors leads nowhere");
    }
    const size_t at = (static_cast<size_t>(start) + 1) * sector_bytes_;
    if (at >= bytes_.size()) return Damaged("a sector is missing");
    const absl::string_view sector = bytes_.substr(at, sector_bytes_);
    out.append(sector.data(), sector.size());
    start = next_[start];
  }
  return out;
}

absl::Status CompoundFile::Open() {
  if (!Has(bytes_, 0, 512)) return Damaged("it is cut off");
  const uint32_t shift = NumberAt(bytes_, 30, 2);
  if (shift != 9 && shift != 12) return Damaged("its sectors are of no size");
  sector_bytes_ = size_t{1} << shift;
  small_stream_max_ = NumberAt(bytes_, 56, 4);
  // Sectors of the allocation table: 109 in the header, others in a chain.
  std::vector<uint32_t> tables;
  for (size_t i = 0; i < 109; ++i) {
    const uint32_t sector = NumberAt(bytes_, 76 + 4 * i, 4);
    if (sector < kSectorsMax) tables.push_back(sector);
  }
  const size_t sectors_max = bytes_.size() / sector_bytes_ + 1;
  uint32_t more = NumberAt(bytes_, 68, 4);
  for (size_t i = 0; more < kSectorsMax && i < sectors_max; ++i) {
    const size_t at = (static_cast<size_t>(more) + 1) * sector_bytes_;
    if (!Has(bytes_, at, sector_bytes_)) break;
    for (size_t j = 0; j + 1 < sector_bytes_ / 4; ++j) {
      const uint32_t sector = NumberAt(bytes_, at + 4 * j, 4);
      if (sector < kSectorsMax) tables.push_back(sector);
    }
    more = NumberAt(bytes_, at + sector_bytes_ - 4, 4);
    if (tables.size() > sectors_max) break;
  }
  for (const uint32_t table : tables) {
    const size_t at = (static_cast<size_t>(table) + 1) * sector_bytes_;
    if (next_.size() > sectors_max + sector_bytes_) break;
    for (size_t j = 0; j < sector_bytes_ / 4; ++j) {
      next_.push_back(Has(bytes_, at + 4 * j, 4)
                          ? NumberAt(bytes_, at + 4 * j, 4)
                          : 0xFFFFFFFFU);
    }
  }
  ASSIGN_OR_RETURN(const std::string directory,
                   Chain(NumberAt(bytes_, 48, 4), bytes_.size()));
  for (size_t at = 0; at + 128 <= directory.size(); at += 128) {
    Entry& entry = entries_.emplace_back();
    const uint32_t name_bytes =
        std::min<uint32_t>(NumberAt(directory, at + 64, 2), 64);
    // Names that matter are ASCII.
    for (uint32_t i = 0; i + 2 < name_bytes; i += 2) {
      const char c = directory[at + i];
      entry.name.push_back(directory[at + i + 1] == '\0' ? c : '?');
    }
    entry.left = NumberAt(directory, at + 68, 4);
    entry.right = NumberAt(directory, at + 72, 4);
    entry.child = NumberAt(directory, at + 76, 4);
    entry.start = NumberAt(directory, at + 116, 4);
    entry.size = NumberAt(directory, at + 120, 4);
  }
  if (entries_.empty()) return Damaged("it has no directory");
  ASSIGN_OR_RETURN(small_, Chain(entries_[0].start, bytes_.size()));
  ASSIGN_OR_RETURN(const std::string table,
                   Chain(NumberAt(bytes_, 60, 4), bytes_.size()));
  for (size_t at = 0; at + 4 <= table.size(); at += 4) {
    small_next_.push_back(NumberAt(table, at, 4));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CompoundFile::Stream(absl::string_view name) const {
  // The tree of the root's children, without recursion.
  std::vector<uint32_t> open = {entries_[0].child};
  std::vector<bool> seen(entries_.size(), false);
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    if (at >= entries_.size() || seen[at]) continue;
    seen[at] = true;
    const Entry& entry = entries_[at];
    open.push_back(entry.left);
    open.push_back(entry.right);
    if (entry.name != name) continue;
    const size_t size = std::min<size_t>(entry.size, bytes_.size());
    if (entry.size >= small_stream_max_) {
      ASSIGN_OR_RETURN(std::string stream, Chain(entry.start, size));
      stream.resize(std::min(stream.size(), size));
      return stream;
    }
    std::string stream;
    uint32_t sector = entry.start;
    size_t sectors = 0;
    while (sector < kSectorsMax && stream.size() < size) {
      if (sector >= small_next_.size() || ++sectors > small_next_.size() ||
          !Has(small_, size_t{64} * sector, 1)) {
        return Damaged("a chain of sectors leads nowhere");
      }
      stream += small_.substr(size_t{64} * sector, 64);
      sector = small_next_[sector];
    }
    stream.resize(std::min(stream.size(), size));
    return stream;
  }
  return absl::NotFoundError(absl::StrCat("no stream ", name));
}

// 0x80 to 0x9F of windows-1252, the rest is as in Unicode.
constexpr std::array<uint16_t, 32> kUpper = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// Characters of the document, with Word's own marks for what is no text.
class Writer {
 public:
  void Put(uint32_t c) {
    if (c >= 0xD800 && c < 0xDC00) {
      high_ = c;
      return;
    }
    if (c >= 0xDC00 && c < 0xE000) {
      c = high_ == 0 ? 0xFFFD
                     : 0x10000U + ((high_ - 0xD800U) << 10U) + (c - 0xDC00U);
    }
    high_ = 0;
    switch (c) {
      case 0x13:
        // A field: its instruction is no text, its result is.
        ++fields_;
        instruction_ = true;
        return;
      case 0x14:
        instruction_ = false;
        return;
      case 0x15:
        if (fields_ > 0) --fields_;
        instruction_ = false;
        return;
      default:
        break;
    }
    if (instruction_) return;
    switch (c) {
      case 0x0D:
      case 0x07:
      case 0x0B:
      case 0x0C:
      case 0x0E:
        Flush();
        return;
      case 0x1E:
        c = '-';
        break;
      case 0x1F:
        return;
      case 0x09:
        c = ' ';
        break;
      default:
        if (c < 0x20) return;
    }
    if (c < 0x80) {
      line_.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
      line_.push_back(static_cast<char>(0xC0U | (c >> 6U)));
      line_.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else if (c < 0x10000) {
      line_.push_back(static_cast<char>(0xE0U | (c >> 12U)));
      line_.push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
      line_.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else {
      line_.push_back(static_cast<char>(0xF0U | (c >> 18U)));
      line_.push_back(static_cast<char>(0x80U | ((c >> 12U) & 0x3FU)));
      line_.push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
      line_.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    }
  }

  void Flush() {
    Block block;
    block.text = Tidy(line_);
    line_.clear();
    if (!block.text.empty()) text_.blocks.push_back(std::move(block));
  }

  BlockText Take() {
    Flush();
    return std::move(text_);
  }

 private:
  BlockText text_;
  std::string line_;
  uint32_t high_ = 0;
  int fields_ = 0;
  bool instruction_ = false;
};

// Where the piece table lies in `table`, and its size; false if nowhere.
bool FindPieces(absl::string_view clx, absl::string_view* pieces) {
  size_t at = 0;
  while (at < clx.size() && clx[at] == 1) {
    at += 3 + NumberAt(clx, at + 1, 2);
  }
  if (at >= clx.size() || clx[at] != 2) return false;
  const size_t size = NumberAt(clx, at + 1, 4);
  if (!Has(clx, at + 5, size) || size < 4) return false;
  *pieces = clx.substr(at + 5, size);
  return true;
}

}  // namespace

absl::StatusOr<BlockText> Word97Blocks(absl::string_view bytes) {
  CompoundFile file(bytes);
  RETURN_IF_ERROR(file.Open());
  absl::StatusOr<std::string> stream = file.Stream("WordDocument");
  if (absl::IsNotFound(stream.status())) {
    return absl::InvalidArgumentError(
        "the file is a document of Office before 2007, but not of Word");
  }
  if (!stream.ok()) return stream.status();
  const absl::string_view document = *stream;
  if (NumberAt(document, 0, 2) != 0xA5EC) return Damaged("it has no header");
  if (NumberAt(document, 2, 2) < 0xC1) {
    return absl::InvalidArgumentError(
        "the document is of Word 95 or older; save it in a newer format");
  }
  const uint32_t flags = NumberAt(document, 10, 2);
  if ((flags & 0x0100U) != 0) {
    return absl::InvalidArgumentError("the document is encrypted");
  }
  const absl::StatusOr<std::string> tables =
      file.Stream((flags & 0x0200U) != 0 ? "1Table" : "0Table");
  if (!tables.ok()) return Damaged("its tables are missing");
  const absl::string_view table = *tables;
  const uint32_t characters_of_text = NumberAt(document, 0x4C, 4);
  const size_t clx_at = NumberAt(document, 0x1A2, 4);
  const size_t clx_bytes = NumberAt(document, 0x1A6, 4);
  absl::string_view pieces;
  if (!Has(table, clx_at, clx_bytes) ||
      !FindPieces(table.substr(clx_at, clx_bytes), &pieces)) {
    return Damaged("it has no piece table");
  }
  const size_t count = (pieces.size() - 4) / 12;
  Writer writer;
  size_t left = law_limits::kFileBytesMax;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t from = NumberAt(pieces, 4 * i, 4);
    uint32_t to = NumberAt(pieces, 4 * (i + 1), 4);
    to = std::min(to, characters_of_text);
    if (from >= to) continue;
    const uint32_t place = NumberAt(pieces, 4 * (count + 1) + 8 * i + 2, 4);
    const bool narrow = (place & 0x40000000U) != 0;
    const size_t at = narrow ? (place & 0x3FFFFFFFU) / 2 : place;
    const size_t width = narrow ? 1 : 2;
    for (size_t k = 0; k < to - from; ++k) {
      if (!Has(document, at + k * width, width) || left == 0) break;
      --left;
      uint32_t c = NumberAt(document, at + k * width, narrow ? 1 : 2);
      if (narrow && c >= 0x80 && c < 0xA0) c = kUpper[c - 0x80];
      writer.Put(c);
    }
  }
  BlockText text = writer.Take();
  if (text.blocks.empty()) {
    return absl::InvalidArgumentError("the Word document has no text");
  }
  return text;
}

}  // namespace comity::laws
