// Dates of texts as people write them, in one form, so that a date in one
// language finds it in all.
//
//   12. August 2021 · 12 août 2021 · 12 de agosto de 2021 ·
//     August 12, 2021 · 2021. augusztus 12 · 2021年8月12日 ·
//     ngày 12 tháng 8 năm 2021 · 12.8.2021 · 2021-08-12    2021-08-12

#ifndef COMITY_INDEX_DATE_READER_H_
#define COMITY_INDEX_DATE_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "index/numbers.h"

namespace comity::index {

// Reads the words of a text in their order, whatever the language. Not
// thread-safe.
class DateReader {
 public:
  using Sink = NumberReader::Sink;

  // `text` must outlive the calls of Add.
  void Start(absl::string_view text) {
    text_ = text;
    count_ = 0;
  }
  // Gives the dates that end with the word.
  void Add(absl::string_view folded, bool has_digit, size_t begin, size_t end,
           uint32_t position, Sink sink) {
    Item& item = items_[count_++ % kItems];
    item.text.assign(folded.data(), folded.size());
    item.begin = begin;
    item.end = end;
    item.position = position;
    if (has_digit && count_ >= kWordsMin) Read(sink);
  }

 private:
  struct Item {
    std::string text;
    size_t begin = 0;
    size_t end = 0;
    uint32_t position = 0;
  };
  static constexpr size_t kItems = 8;
  static constexpr size_t kWordsMin = 3;

  // The word `back` words before the last; null if there is none.
  const Item* At(size_t back) const;
  absl::string_view Between(size_t back) const;
  void Read(Sink sink) const;
  void Give(int year, int month, int day, size_t back, Sink sink) const;

  absl::string_view text_;
  std::array<Item, kItems> items_;
  size_t count_ = 0;
};

}  // namespace comity::index

#endif  // COMITY_INDEX_DATE_READER_H_
