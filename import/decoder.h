// Text in whatever encoding a spreadsheet wrote it, as UTF-8.

#ifndef COMITY_IMPORT_DECODER_H_
#define COMITY_IMPORT_DECODER_H_

#include <unicode/ucnv.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "import/byte_source.h"

namespace comity {

// Gives the bytes of another source in UTF-8, without a byte order mark. What
// is no character in the encoding becomes U+FFFD; in a file taken as UTF-8 the
// bytes are passed on as they are, and readers check their cells.
//
// UTF-8, UTF-16 and UTF-32 are known by their marks, UTF-16 also by its zeros.
// Otherwise a file is ASCII until its first byte that is not; from there on up
// to 64 KiB decide. Not thread-safe.
class Decoder : public ByteSource {
 public:
  // `bytes` must outlive this. `encoding`: an IANA name; empty: found out.
  Decoder(ByteSource* bytes, absl::string_view encoding)
      : bytes_(bytes), encoding_(encoding) {}

  // InvalidArgument if there is no encoding of the name given.
  absl::StatusOr<absl::string_view> Next() override;

  // Of the bytes before decoding.
  int64_t position() const override { return bytes_->position(); }

  // IANA name of the encoding as far as it is known: `US-ASCII` until a byte
  // says otherwise.
  const std::string& encoding() const { return encoding_; }
  // True if the encoding was concluded from the statistics of bytes.
  bool guessed() const { return guessed_; }
  // The sentence that tells so.
  std::string Remark() const;

 private:
  struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
  };

  absl::Status Start();
  absl::Status Fill(std::string* bytes, size_t bytes_min);
  absl::Status OpenConverter();
  absl::StatusOr<absl::string_view> NextAscii();
  void Convert(absl::string_view bytes, bool last);

  ByteSource* const bytes_;
  std::string encoding_;
  bool guessed_ = false;
  bool started_ = false;
  // Still ASCII, with no encoding decided.
  bool undecided_ = false;
  bool ended_ = false;
  // The converter gave a character, so that a mark at the start is over.
  bool converted_ = false;
  // Read ahead, not yet given out.
  std::string ahead_;
  std::string out_;
  // nullptr: the bytes are UTF-8.
  std::unique_ptr<UConverter, CloseConverter> converter_;
};

// IANA name of the single- or multi-byte encoding that `bytes`, which are not
// ASCII, are most likely in. `UTF-8` if they are well-formed as such, up to a
// character cut off at the end.
std::string GuessEncoding(absl::string_view bytes);

// True if every byte of `text` is below 0x80.
bool IsAscii(absl::string_view text);

}  // namespace comity

#endif  // COMITY_IMPORT_DECODER_H_
