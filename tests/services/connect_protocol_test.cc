#include "services/connect_protocol.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace comity::connect {
namespace {

using ::testing::HasSubstr;

TEST(ConnectProtocolTest, ContentTypesSayHowACallIsSpoken) {
  const struct {
    const char* type;
    Protocol protocol;
    Codec codec;
  } cases[] = {
      {"application/json", Protocol::kUnary, Codec::kJson},
      {"Application/JSON; charset=utf-8", Protocol::kUnary, Codec::kJson},
      {"application/proto", Protocol::kUnary, Codec::kProto},
      {"application/connect+json", Protocol::kStreaming, Codec::kJson},
      {"application/grpc-web", Protocol::kGrpcWeb, Codec::kProto},
      {"application/grpc-web+proto", Protocol::kGrpcWeb, Codec::kProto},
  };
  for (const auto& c : cases) {
    const auto spoken = SpokenOf(c.type);
    ASSERT_TRUE(spoken.has_value()) << c.type;
    EXPECT_EQ(spoken->protocol, c.protocol) << c.type;
    EXPECT_EQ(spoken->codec, c.codec) << c.type;
  }
  for (const char* type : {"", "text/plain", "application/grpc", "json",
                           "application/x-www-form-urlencoded"}) {
    EXPECT_FALSE(SpokenOf(type).has_value()) << type;
  }
}

// https://connectrpc.com/docs/protocol, Error Codes.
TEST(ConnectProtocolTest, CodesHaveTheirHttpStatuses) {
  EXPECT_STREQ(CodeName(1), "canceled");
  EXPECT_EQ(HttpStatusOf(3), 400);
  EXPECT_EQ(HttpStatusOf(4), 504);
  EXPECT_EQ(HttpStatusOf(5), 404);
  EXPECT_EQ(HttpStatusOf(8), 429);
  EXPECT_EQ(HttpStatusOf(12), 501);
  EXPECT_EQ(HttpStatusOf(14), 503);
  for (const int code : {-1, 17, 1000}) {
    EXPECT_STREQ(CodeName(code), "unknown");
    EXPECT_EQ(HttpStatusOf(code), 500);
  }
}

TEST(ConnectProtocolTest, ErrorsCarryTheirDetails) {
  google::rpc::Status status;
  status.set_code(5);
  status.set_message("no \"such\" State");
  google::rpc::ErrorInfo info;
  info.set_reason("NOT_FOUND");
  status.add_details()->PackFrom(info);
  const std::string json = ErrorJson(status);
  EXPECT_THAT(json, HasSubstr("\"code\":\"not_found\""));
  EXPECT_THAT(json, HasSubstr("no \\\"such\\\" State"));
  EXPECT_THAT(json, HasSubstr("\"type\":\"google.rpc.ErrorInfo\""));
  // Base64 of the message, without padding.
  EXPECT_THAT(json, HasSubstr("\"value\":\"CglOT1RfRk9VTkQ\""));
  EXPECT_THAT(json, HasSubstr("\"reason\":\"NOT_FOUND\""));
}

TEST(ConnectProtocolTest, EnvelopesComeBackWhereverTheyAreCut) {
  std::string sent;
  AppendEnvelope(0, "one", &sent);
  AppendEnvelope(kEndFlag, "", &sent);
  AppendEnvelope(kCompressedFlag, std::string(300, 'x'), &sent);
  for (size_t size = 0; size <= sent.size(); ++size) {
    absl::string_view arrived = absl::string_view(sent).substr(0, size);
    std::vector<size_t> sizes;
    uint8_t flags = 0;
    absl::string_view bytes;
    while (TakeEnvelope(1000, &arrived, &flags, &bytes) == Taken::kOne) {
      sizes.push_back(bytes.size());
    }
    const size_t whole = size >= 5 + 3 + 5 + 5 + 300 ? 3
                         : size >= 5 + 3 + 5         ? 2
                         : size >= 5 + 3             ? 1
                                                     : 0;
    EXPECT_EQ(sizes.size(), whole) << size;
  }
  absl::string_view arrived = sent;
  uint8_t flags = 0;
  absl::string_view bytes;
  EXPECT_EQ(TakeEnvelope(2, &arrived, &flags, &bytes), Taken::kTooLarge);
}

TEST(ConnectProtocolTest, AnyBytesAreEnvelopesOrNot) {
  std::mt19937 random(5);
  for (int i = 0; i < 20000; ++i) {
    std::string noise(random() % 40, '\0');
    for (char& c : noise)
      c = static_cast<char>(random() % 7 == 0 ? random() : 0);
    absl::string_view arrived = noise;
    uint8_t flags = 0;
    absl::string_view bytes;
    size_t taken = 0;
    while (TakeEnvelope(20, &arrived, &flags, &bytes) == Taken::kOne) {
      taken += kEnvelopeHeadBytes + bytes.size();
    }
    EXPECT_EQ(taken + arrived.size(), noise.size());
  }
}

TEST(ConnectProtocolTest, StreamsEndAsTheirProtocolHasIt) {
  google::rpc::Status status;
  EXPECT_EQ(EndEnvelope(Protocol::kStreaming, status),
            std::string("\x02\0\0\0\x02{}", 7));
  EXPECT_EQ(EndEnvelope(Protocol::kGrpcWeb, status),
            absl::StrCat(absl::string_view("\x80\0\0\0\x10", 5),
                         "grpc-status: 0\r\n"));
  status.set_code(3);
  status.set_message("50 % of “x”\n");
  const std::string trailers = EndEnvelope(Protocol::kGrpcWeb, status);
  EXPECT_THAT(trailers, HasSubstr("grpc-status: 3\r\n"));
  EXPECT_THAT(trailers,
              HasSubstr("grpc-message: 50 %25 of %e2%80%9cx%e2%80%9d%0a\r\n"));
  EXPECT_THAT(EndEnvelope(Protocol::kStreaming, status),
              HasSubstr("\"invalid_argument\""));
}

TEST(ConnectProtocolTest, Timeouts) {
  EXPECT_EQ(ConnectTimeout("1500"), absl::Milliseconds(1500));
  EXPECT_EQ(ConnectTimeout("0"), absl::ZeroDuration());
  EXPECT_EQ(GrpcTimeout("2S"), absl::Seconds(2));
  EXPECT_EQ(GrpcTimeout("99999999H"), absl::Hours(99999999));
  EXPECT_EQ(GrpcTimeout("10m"), absl::Milliseconds(10));
  for (const char* wrong : {"", "-1", "1.5", "x", "12345678901", "1S"}) {
    EXPECT_FALSE(ConnectTimeout(wrong).has_value()) << wrong;
  }
  for (const char* wrong : {"", "S", "1", "1x", "-1S", "123456789S"}) {
    EXPECT_FALSE(GrpcTimeout(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace comity::connect
