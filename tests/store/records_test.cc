#include "store/records.h"

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "store/keys.h"
#include "tests/store/samples.h"

namespace comity {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// One record of a kind, and the bytes of its content on disk.
struct Golden {
  Kind kind;
  v1::RecordKind proto;
  std::unique_ptr<google::protobuf::Message> record;
  const char* content;
};

template <class M>
Golden GoldenOf(v1::RecordKind proto, M record, const char* content) {
  return {KindOf<M>::kKind, proto, std::make_unique<M>(std::move(record)),
          content};
}

std::vector<Golden> Goldens() {
  v1::Designation designation = samples::Designation("LTU", "d1", "mj");
  designation.mutable_valid_from()->set_date("2003-09-29");
  std::vector<Golden> goldens;
  goldens.push_back(GoldenOf(
      v1::RECORD_KIND_STATE, samples::State("LTU", "Lithuania"),
      "0a0a7374617465732f4c54551001320f0a094c69746875616e69611202656e"));
  goldens.push_back(
      GoldenOf(v1::RECORD_KIND_TREATY, samples::Treaty("untoc", "UNTOC"),
               "0a0e74726561746965732f756e746f631a0b0a05554e544f431202656e"));
  goldens.push_back(GoldenOf(
      v1::RECORD_KIND_FUNCTION, samples::Function("mla", "Assistance"),
      "0a0d66756e6374696f6e732f6d6c6112100a0a417373697374616e63651202656e"));
  goldens.push_back(GoldenOf(
      v1::RECORD_KIND_PARTICIPATION,
      samples::Participation("untoc", "LTU", "2002-05-09"),
      "0a2174726561746965732f756e746f632f70617274696369706174696f6e732f4c5455"
      "1a0e0801120a323030322d30352d3039"));
  goldens.push_back(GoldenOf(
      v1::RECORD_KIND_AUTHORITY,
      samples::WithSource(samples::Authority("LTU", "mj", "Ministry"),
                          "sherloc", "42"),
      "0a197374617465732f4c54552f617574686f7269746965732f6d6a120e0a084d696e69"
      "737472791202656e5a0d5207736865726c6f635a023432"));
  goldens.push_back(GoldenOf(
      v1::RECORD_KIND_DESIGNATION, std::move(designation),
      "0a1a7374617465732f4c54552f64657369676e6174696f6e732f643112197374617465"
      "732f4c54552f617574686f7269746965732f6d6a1a0e74726561746965732f756e746f"
      "6322063138283133292a0d66756e6374696f6e732f6d6c61320c0a0a323030332d3039"
      "2d3239"));
  return goldens;
}

const absl::Time kCreated = absl::FromUnixMicros(0x0001020304050607);
const absl::Time kUpdated = absl::FromUnixMicros(0x0001020304050608);
constexpr char kTrailer[] = "00010203040506070001020304050608";

TEST(RecordsTest, GoldenBytesOfOneRecordPerKind) {
  for (const Golden& golden : Goldens()) {
    SCOPED_TRACE(golden.content);
    const std::string content = TakeContent(golden.record.get());
    EXPECT_EQ(absl::BytesToHexString(content), golden.content);
    EXPECT_EQ(
        absl::BytesToHexString(EncodeVersion({content, kCreated, kUpdated})),
        std::string(golden.content) + kTrailer);
  }
  EXPECT_EQ(absl::BytesToHexString(EncodeVersion({"", kCreated, kUpdated})),
            kTrailer);
}

TEST(RecordsTest, AVersionIsReadBackWithEtagAndTimes) {
  for (const Golden& golden : Goldens()) {
    SCOPED_TRACE(golden.content);
    const std::string content = absl::HexStringToBytes(golden.content);
    v1::Record record;
    google::protobuf::Message* read = MutableRecord(golden.kind, &record);
    ASSERT_OK(ParseVersion(EncodeVersion({content, kCreated, kUpdated}), read));
    EXPECT_EQ(RecordOf(record), read);
    EXPECT_EQ(NameOfRecord(*read), NameOfRecord(*golden.record));
    EXPECT_THAT(read->ShortDebugString(),
                ::testing::HasSubstr(EtagOf(content)));
    // The server's fields are no content.
    EXPECT_EQ(TakeContent(read), content);
    EXPECT_EQ(read->SerializeAsString(), content);
  }
  v1::State state;
  const std::string content = absl::HexStringToBytes(Goldens()[0].content);
  ASSERT_OK(ParseVersion(EncodeVersion({content, kCreated, kUpdated}), &state));
  EXPECT_EQ(state.create_time().seconds() * 1000000 +
                state.create_time().nanos() / 1000,
            absl::ToUnixMicros(kCreated));
  EXPECT_EQ(state.update_time().seconds() * 1000000 +
                state.update_time().nanos() / 1000,
            absl::ToUnixMicros(kUpdated));
}

TEST(RecordsTest, TheEtagOfKnownContent) {
  // XXH128 of nothing, from the test vectors of xxHash.
  EXPECT_EQ(EtagOf(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_NE(EtagOf("a"), EtagOf("b"));
  EXPECT_EQ(EtagOf("a").size(), 32u);
}

TEST(RecordsTest, DamagedVersionsAreDataLoss) {
  const std::string content = absl::HexStringToBytes(Goldens()[0].content);
  const std::string bytes = EncodeVersion({content, kCreated, kUpdated});
  v1::State state;
  EXPECT_EQ(DecodeVersion(bytes.substr(0, 15)).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(ParseVersion("", &state).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(
      ParseVersion(EncodeVersion({"\xff\xff", kCreated, kUpdated}), &state)
          .code(),
      absl::StatusCode::kDataLoss);
  EXPECT_EQ(
      ParseVersion(EncodeVersion({"", kCreated, kUpdated}), &state).code(),
      absl::StatusCode::kNotFound);
}

TEST(RecordsTest, KindsGoToTheContractAndBack) {
  for (const Golden& golden : Goldens()) {
    EXPECT_EQ(ToProto(golden.kind), golden.proto);
    Kind kind = Kind::kImportJob;
    EXPECT_TRUE(FromProto(golden.proto, &kind));
    EXPECT_EQ(kind, golden.kind);
  }
  Kind kind = Kind::kState;
  EXPECT_FALSE(FromProto(v1::RECORD_KIND_UNSPECIFIED, &kind));
  EXPECT_FALSE(FromProto(static_cast<v1::RecordKind>(99), &kind));
  EXPECT_EQ(RecordOf(v1::Record()), nullptr);
}

TEST(RecordsTest, LookupsOfAnAuthorityAreItsNamesAndSources) {
  v1::Authority authority = samples::WithSource(
      samples::Authority("LTU", "mj", "Ministry of Justice"), "sherloc", "42");
  authority.set_unit("Dept. B");
  samples::AddText("Teisingumo ministerija", "lt",
                   authority.mutable_display_names());
  samples::AddText("People's Commissariat", "en",
                   authority.mutable_former_names());
  authority.add_sources()->set_system("without an id");
  const std::string name = "states/LTU/authorities/mj";
  EXPECT_THAT(
      LookupsOf(Kind::kAuthority, authority),
      UnorderedElementsAre(
          Pair(samples::Bytes("LnLTU\0ministry of justice\0dept b\0"), name),
          Pair(samples::Bytes("LnLTU\0teisingumo ministerija\0dept b\0"), name),
          Pair(samples::Bytes("LnLTU\0peoples commissariat\0dept b\0"), name),
          Pair(samples::Bytes("Lisherloc\0"
                              "42\0"
                              "A\0"),
               name)));
}

TEST(RecordsTest, LookupsOfADesignationAreWhatItJoins) {
  const v1::Designation designation = samples::WithSource(
      samples::Designation("LTU", "d1", "mj"), "sherloc", "42");
  EXPECT_THAT(LookupsOf(Kind::kDesignation, designation),
              UnorderedElementsAre(Pair(samples::Bytes("LaLTU\0mj\0"
                                                       "d1\0"),
                                        ""),
                                   Pair(samples::Bytes("Lfmla\0LTU\0"
                                                       "d1\0"),
                                        ""),
                                   Pair(samples::Bytes("Ltuntoc\0"
                                                       "18(13)\0LTU\0"
                                                       "d1\0"),
                                        ""),
                                   Pair(samples::Bytes("Lisherloc\0"
                                                       "42\0"
                                                       "D\0"),
                                        "states/LTU/designations/d1")));
  // Without an authority there is nothing to find it by.
  EXPECT_EQ(LookupsOf(Kind::kDesignation, samples::Designation("LTU", "d1", ""))
                .size(),
            2u);
}

TEST(RecordsTest, LookupsOfTheOthers) {
  EXPECT_THAT(LookupsOf(Kind::kParticipation,
                        samples::WithSource(samples::Participation(
                                                "untoc", "LTU", "2002-05-09"),
                                            "mtdsg", "9")),
              UnorderedElementsAre(Pair(samples::Bytes("LpLTU\0untoc\0"), ""),
                                   Pair(samples::Bytes("Limtdsg\0"
                                                       "9\0P\0"),
                                        "treaties/untoc/participations/LTU")));
  EXPECT_THAT(LookupsOf(Kind::kState, samples::State("LTU", "Lithuania")),
              IsEmpty());
  EXPECT_THAT(LookupsOf(Kind::kTreaty, samples::Treaty("untoc", "UNTOC")),
              IsEmpty());
  EXPECT_THAT(LookupsOf(Kind::kFunction, samples::Function("mla", "MLA")),
              IsEmpty());
}

TEST(RecordsTest, AppendRecordGivesTheBytesOfTheMessage) {
  // Times before 1970, with and without fractions.
  const int64_t micros[] = {0, 1, 1700000000000000, 1700000000123456, -1500000};
  for (const Golden& golden : Goldens()) {
    for (const int64_t time : micros) {
      SCOPED_TRACE(golden.content);
      std::unique_ptr<google::protobuf::Message> record(golden.record->New());
      record->CopyFrom(*golden.record);
      const std::string content = TakeContent(record.get());
      const std::string version =
          EncodeVersion({content, absl::FromUnixMicros(time),
                         absl::FromUnixMicros(time + 7)});
      ASSERT_OK(ParseVersion(version, record.get()));
      std::string bytes = "before";
      ASSERT_OK(AppendRecord(golden.kind, version, &bytes));
      EXPECT_EQ(bytes, "before" + record->SerializeAsString());
    }
  }
  std::string bytes;
  EXPECT_TRUE(absl::IsNotFound(AppendRecord(
      Kind::kAuthority,
      EncodeVersion({"", absl::UnixEpoch(), absl::UnixEpoch()}), &bytes)));
  EXPECT_TRUE(absl::IsDataLoss(AppendRecord(Kind::kAuthority, "x", &bytes)));
  EXPECT_EQ(bytes, "");
}

}  // namespace
}  // namespace comity
