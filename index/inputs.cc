#include "index/inputs.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "comity/v1/designation.pb.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/state.pb.h"
#include "store/records.h"

namespace comity::index {
namespace {

// How much a text says of a law: its own words most.
int RankOf(v1::Expression::Kind kind) {
  switch (kind) {
    case v1::Expression::KIND_ABSTRACT:
      return 1;
    case v1::Expression::KIND_TRANSLATION:
      return 2;
    default:
      return 3;
  }
}

// Day of a name, `undated` before all days.
absl::string_view DateOf(absl::string_view expression) {
  const absl::string_view date = expression.substr(expression.find('@') + 1);
  return date == "undated" ? absl::string_view() : date;
}

absl::Status AddNames(const Store& store, Kind kind, absl::string_view state,
                      std::set<std::string>* names) {
  return store.ForEach(kind, state, "", kNow, [names](const Store::Item& item) {
    names->insert(item.name);
    return true;
  });
}

absl::Status AddChange(const Store& store, const v1::Change& change,
                       ChangedRecords* changed) {
  const std::string& name = change.resource();
  const auto parts = names::Parse(name, "resource");
  // Of a kind that this version does not know.
  if (!parts.ok()) return absl::OkStatus();
  switch (parts->kind) {
    case Kind::kLaw:
    case Kind::kExpression:
    case Kind::kMapping:
      changed->laws.insert(names::LawOf(*parts));
      return absl::OkStatus();
    case Kind::kAuthority:
      changed->offices.insert(name);
      return absl::OkStatus();
    case Kind::kDesignation: {
      // The office that it names, and the one that it named before.
      for (const uint64_t sequence :
           {change.sequence(), change.previous_sequence()}) {
        v1::Designation designation;
        if (sequence == 0 ||
            !store.ReadVersion(name, sequence, &designation).ok() ||
            designation.authority().empty()) {
          continue;
        }
        changed->offices.insert(designation.authority());
      }
      return absl::OkStatus();
    }
    case Kind::kConcept:
      changed->concepts = true;
      return absl::OkStatus();
    case Kind::kFunction:
      return AddNames(store, Kind::kAuthority, "", &changed->offices);
    case Kind::kState:
      RETURN_IF_ERROR(
          AddNames(store, Kind::kAuthority, parts->first, &changed->offices));
      return AddNames(store, Kind::kLaw, parts->first,
                      &changed->laws_of_states);
    default:
      return absl::OkStatus();
  }
}

}  // namespace

absl::StatusOr<ChangedRecords> ReadChangedRecords(const Store& store,
                                                  uint64_t after,
                                                  size_t changes_max,
                                                  uint64_t until) {
  ChangedRecords changed;
  changed.last = after;
  if (after >= until) return changed;
  std::vector<v1::Change> changes;
  RETURN_IF_ERROR(store.ForEachChange(after + 1, [&](const v1::Change& change) {
    if (change.sequence() > until) return false;
    changes.push_back(change);
    return changes.size() < changes_max;
  }));
  for (const v1::Change& change : changes) {
    RETURN_IF_ERROR(AddChange(store, change, &changed));
    changed.last = change.sequence();
  }
  return changed;
}

struct InputReader::StateFacts {
  // What the designations of an office say; each once.
  struct Office {
    std::set<std::string> functions;
    std::set<std::string> articles;
  };
  std::string state;
  std::string region;
  std::vector<std::string> names;
  absl::flat_hash_map<std::string, Office> offices;
};

InputReader::InputReader(const Store* store, uint64_t at)
    : store_(store), at_(at), facts_(std::make_unique<StateFacts>()) {}

InputReader::~InputReader() = default;

absl::Status InputReader::AddTexts(const std::string& under,
                                   LawInput* input) const {
  // The newest of each language, by language.
  struct Best {
    v1::Expression expression;
    uint64_t sequence;
  };
  std::map<std::string, Best> best;
  absl::Status status;
  RETURN_IF_ERROR(store_->ForEach(
      Kind::kExpression, under, "", at_, [&](const Store::Item& item) {
        v1::Expression expression;
        status = ParseVersion(item.version, &expression);
        if (!status.ok()) return false;
        Best& before = best[LanguageLabel(expression.language())];
        const auto key = [](const v1::Expression& of) {
          return std::make_pair(RankOf(of.kind()), DateOf(of.name()));
        };
        if (before.expression.name().empty() ||
            key(before.expression) <= key(expression)) {
          before = {std::move(expression), item.sequence};
        }
        return true;
      }));
  RETURN_IF_ERROR(status);
  for (const auto& [language, text] : best) {
    input->texts.push_back({text.expression.name(), text.sequence,
                            text.expression.language(),
                            text.expression.title()});
  }
  return absl::OkStatus();
}

absl::StatusOr<LawInput> InputReader::Law(const std::string& name) const {
  LawInput input;
  ASSIGN_OR_RETURN(input.law, store_->Get<v1::Law>(name, at_));
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  const auto state = store_->Get<v1::State>(names::State(parts[1]), at_);
  if (state.ok()) input.region = state->region();
  const std::string under = absl::StrCat(parts[1], "/", parts[3]);
  absl::Status status;
  RETURN_IF_ERROR(store_->ForEach(
      Kind::kMapping, under, "", at_, [&](const Store::Item& item) {
        v1::Mapping mapping;
        status = ParseVersion(item.version, &mapping);
        input.mappings.push_back(mapping);
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  RETURN_IF_ERROR(AddTexts(under, &input));
  input.read = [store = store_](const TextInput& text, LawInput::Visit visit) {
    return store->ForEachProvision(text.expression, text.sequence, visit);
  };
  return input;
}

absl::Status InputReader::ReadFacts(const std::string& state) {
  if (facts_->state == state) return absl::OkStatus();
  facts_ = std::make_unique<StateFacts>();
  const auto record = store_->Get<v1::State>(names::State(state), at_);
  if (record.ok()) {
    facts_->region = record->region();
    for (const v1::LocalizedText& name : record->short_names()) {
      facts_->names.push_back(name.text());
    }
  }
  absl::Status status;
  RETURN_IF_ERROR(store_->ForEach(
      Kind::kDesignation, state, "", at_, [&](const Store::Item& item) {
        v1::Designation designation;
        status = ParseVersion(item.version, &designation);
        StateFacts::Office& office = facts_->offices[designation.authority()];
        office.functions.insert(designation.function());
        const std::string slug(names::LastOf(designation.treaty()));
        if (slug.empty()) return status.ok();
        office.articles.insert(slug);
        if (!designation.article().empty()) {
          office.articles.insert(
              absl::StrCat(slug, "/", designation.article()));
        }
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  facts_->state = state;
  return absl::OkStatus();
}

absl::StatusOr<OfficeInput> InputReader::Office(const std::string& name) {
  OfficeInput input;
  ASSIGN_OR_RETURN(input.authority, store_->Get<v1::Authority>(name, at_));
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  RETURN_IF_ERROR(ReadFacts(std::string(parts[1])));
  input.region = facts_->region;
  input.state_names = facts_->names;
  const auto office = facts_->offices.find(name);
  if (office == facts_->offices.end()) return input;
  for (const std::string& function : office->second.functions) {
    const auto record = store_->Get<v1::Function>(function, at_);
    if (!record.ok()) continue;
    for (const v1::LocalizedText& title : record->titles()) {
      input.function_names.push_back(title.text());
    }
  }
  input.articles.assign(office->second.articles.begin(),
                        office->second.articles.end());
  return input;
}

}  // namespace comity::index
