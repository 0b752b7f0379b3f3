// The bundled data, read without the importer.

#ifndef COMITY_TESTS_RULES_BUNDLED_H_
#define COMITY_TESTS_RULES_BUNDLED_H_

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "comity/v1/record.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace comity {

struct Bundled {
  std::vector<v1::State> states;
  std::vector<v1::Treaty> treaties;
  std::vector<v1::Function> functions;
  std::vector<v1::Participation> participations;
  std::vector<v1::Authority> authorities;
  std::vector<v1::Designation> designations;
};

inline void AddRecord(v1::Record record, Bundled* bundled) {
  switch (record.record_case()) {
    case v1::Record::kState:
      bundled->states.push_back(std::move(*record.mutable_state()));
      return;
    case v1::Record::kTreaty:
      bundled->treaties.push_back(std::move(*record.mutable_treaty()));
      return;
    case v1::Record::kFunction:
      bundled->functions.push_back(std::move(*record.mutable_function()));
      return;
    case v1::Record::kParticipation:
      bundled->participations.push_back(
          std::move(*record.mutable_participation()));
      return;
    case v1::Record::kAuthority:
      bundled->authorities.push_back(std::move(*record.mutable_authority()));
      return;
    case v1::Record::kDesignation:
      bundled->designations.push_back(std::move(*record.mutable_designation()));
      return;
    case v1::Record::kLaw:
    case v1::Record::kExpression:
    case v1::Record::kMapping:
    case v1::Record::kLegalConcept:
      // Rules do without the library.
      return;
    case v1::Record::RECORD_NOT_SET:
      ADD_FAILURE() << "a line without a record";
  }
}

inline Bundled ReadBundled() {
  Bundled bundled;
  for (const char* file :
       {"01-states", "02-treaties", "03-functions", "04-participations",
        "05-authorities", "06-designations"}) {
    const std::string path =
        std::string(COMITY_SOURCE_DIR) + "/data/" + file + ".jsonl";
    std::ifstream lines(path);
    EXPECT_TRUE(lines.good()) << path;
    for (std::string line; std::getline(lines, line);) {
      v1::Record record;
      const auto status =
          google::protobuf::util::JsonStringToMessage(line, &record);
      EXPECT_TRUE(status.ok()) << path << ": " << status.ToString();
      AddRecord(std::move(record), &bundled);
    }
  }
  return bundled;
}

// Read once for all tests of a program.
inline const Bundled& TheBundled() {
  static const Bundled* const bundled = new Bundled(ReadBundled());
  return *bundled;
}

}  // namespace comity

#endif  // COMITY_TESTS_RULES_BUNDLED_H_
