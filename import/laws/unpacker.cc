#include "import/laws/unpacker.h"

#include <zlib.h>
#include <zstd.h>

#include <utility>

#include "absl/strings/match.h"
#include "base/status_macros.h"

namespace comity::laws {
namespace {

constexpr size_t kPieceBytes = 256 << 10;
// 128 MiB: what zstd itself takes without being told.
constexpr int kWindowLogMax = 27;

}  // namespace

struct Unpacker::Streams {
  bool gzip = false;
  z_stream stream = {};
  ZSTD_DStream* zstd = nullptr;
};

Unpacker::Unpacker(ByteSource* bytes)
    : bytes_(bytes), streams_(std::make_unique<Streams>()) {}

Unpacker::~Unpacker() {
  if (streams_->gzip) inflateEnd(&streams_->stream);
  if (streams_->zstd != nullptr) ZSTD_freeDStream(streams_->zstd);
}

absl::Status Unpacker::Start() {
  started_ = true;
  while (start_.size() < 4) {
    ASSIGN_OR_RETURN(const absl::string_view chunk, bytes_->Next());
    if (chunk.empty()) break;
    start_.append(chunk.data(), chunk.size());
  }
  if (absl::StartsWith(start_, "\x1F\x8B")) {
    if (inflateInit2(&streams_->stream, 15 + 32) != Z_OK) {
      return absl::ResourceExhaustedError("no memory");
    }
    streams_->gzip = true;
  } else if (absl::StartsWith(start_, "\x28\xB5\x2F\xFD")) {
    streams_->zstd = ZSTD_createDStream();
    if (streams_->zstd == nullptr) {
      return absl::ResourceExhaustedError("no memory");
    }
    ZSTD_DCtx_setParameter(streams_->zstd, ZSTD_d_windowLogMax, kWindowLogMax);
  }
  return absl::OkStatus();
}

absl::Status Unpacker::Refill() {
  if (!start_.empty()) {
    held_ = std::exchange(start_, "");
    in_ = held_;
    return absl::OkStatus();
  }
  if (ended_) return absl::OkStatus();
  ASSIGN_OR_RETURN(in_, bytes_->Next());
  if (in_.empty()) ended_ = true;
  return absl::OkStatus();
}

absl::StatusOr<size_t> Unpacker::Inflate() {
  z_stream& stream = streams_->stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in_.data()));
  stream.avail_in = static_cast<uInt>(in_.size());
  stream.next_out = reinterpret_cast<Bytef*>(out_.data());
  stream.avail_out = static_cast<uInt>(out_.size());
  const int result = inflate(&stream, Z_NO_FLUSH);
  in_.remove_prefix(in_.size() - stream.avail_in);
  const size_t size = out_.size() - stream.avail_out;
  whole_ = result == Z_STREAM_END;
  const bool failed =
      result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR;
  // Members one after the other are one file.
  if (failed || (whole_ && inflateReset(&stream) != Z_OK)) {
    return absl::InvalidArgumentError("the gzip file is damaged");
  }
  return size;
}

absl::StatusOr<size_t> Unpacker::Decompress() {
  ZSTD_inBuffer in = {in_.data(), in_.size(), 0};
  ZSTD_outBuffer out = {out_.data(), out_.size(), 0};
  const size_t result = ZSTD_decompressStream(streams_->zstd, &out, &in);
  in_.remove_prefix(in.pos);
  if (ZSTD_isError(result) != 0) {
    return absl::InvalidArgumentError("the Zstandard file is damaged");
  }
  whole_ = result == 0;
  return out.pos;
}

absl::StatusOr<absl::string_view> Unpacker::Next() {
  if (!started_) RETURN_IF_ERROR(Start());
  if (!streams_->gzip && streams_->zstd == nullptr) {
    RETURN_IF_ERROR(Refill());
    return in_;
  }
  out_.resize(kPieceBytes);
  while (true) {
    if (in_.empty()) RETURN_IF_ERROR(Refill());
    if (in_.empty() && ended_ && whole_) return absl::string_view();
    size_t size = 0;
    const size_t before = in_.size();
    if (streams_->gzip) {
      ASSIGN_OR_RETURN(size, Inflate());
    } else {
      ASSIGN_OR_RETURN(size, Decompress());
    }
    if (size > 0) return absl::string_view(out_).substr(0, size);
    if (ended_ && in_.size() == before && !whole_) {
      return absl::InvalidArgumentError("the compressed file is cut off");
    }
  }
}

}  // namespace comity::laws
