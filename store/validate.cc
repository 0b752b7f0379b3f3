#include "store/validate.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/dates.h"
#include "base/errors.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "store/records.h"

namespace comity {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What a text field must be, beside text.
enum class Rule {
  kText,
  kDay,
  kPartialDay,
  kLanguage,
  kState,
  kTreaty,
  kFunction,
  kAuthority,
  kLaw,
  kAlpha2,
  kM49,
  kRequired,
  // The text of a provision: any text, and more of it.
  kProvisionText,
};

// The rules by full field name without `comity.v1.`. Fields that are not here
// hold any text.
const absl::flat_hash_map<absl::string_view, Rule>& Rules() {
  static const auto* const kRules =
      new absl::flat_hash_map<absl::string_view, Rule>{
          {"Source.document_date", Rule::kPartialDay},
          {"Source.as_of", Rule::kPartialDay},
          {"LocalizedText.text", Rule::kRequired},
          {"LocalizedText.language", Rule::kLanguage},
          {"DateBound.date", Rule::kDay},
          {"State.alpha2", Rule::kAlpha2},
          {"State.m49", Rule::kM49},
          {"State.parent", Rule::kState},
          {"State.languages", Rule::kLanguage},
          {"State.OtherName.text", Rule::kRequired},
          {"State.OtherName.language", Rule::kLanguage},
          {"State.OtherName.from", Rule::kPartialDay},
          {"State.OtherName.until", Rule::kPartialDay},
          {"Treaty.adopted", Rule::kDay},
          {"Treaty.entry_into_force", Rule::kDay},
          {"Treaty.parent", Rule::kTreaty},
          {"Treaty.participations_as_of", Rule::kPartialDay},
          {"TreatyArticle.citation", Rule::kRequired},
          {"EntryIntoForceRule.not_before", Rule::kTreaty},
          {"Function.Article.treaty", Rule::kTreaty},
          {"Participation.signature_date", Rule::kDay},
          {"Participation.complete_as_of", Rule::kPartialDay},
          {"Participation.Period.deposit_date", Rule::kDay},
          {"Participation.Period.entry_into_force", Rule::kDay},
          {"Participation.Period.withdrawal_notified", Rule::kDay},
          {"Participation.Statement.date", Rule::kDay},
          {"Participation.Statement.withdrawn", Rule::kDay},
          {"TelephoneNumber.number", Rule::kRequired},
          {"Contact.valid_until", Rule::kPartialDay},
          {"Authority.languages", Rule::kLanguage},
          {"Designation.authority", Rule::kAuthority},
          {"Designation.treaty", Rule::kTreaty},
          {"Designation.function", Rule::kFunction},
          {"Designation.languages", Rule::kLanguage},
          {"Designation.verified_on", Rule::kDay},
          {"Notification.date", Rule::kDay},
          {"Law.adopted", Rule::kPartialDay},
          {"Law.published", Rule::kPartialDay},
          {"Law.in_force", Rule::kPartialDay},
          {"Law.repealed", Rule::kPartialDay},
          {"LawRelation.law", Rule::kLaw},
          {"Expression.language", Rule::kLanguage},
          {"Provision.text", Rule::kProvisionText},
          {"Provision.in_force", Rule::kPartialDay},
          {"Provision.repealed", Rule::kPartialDay},
          {"Provision.language", Rule::kLanguage},
          {"Mapping.treaty", Rule::kTreaty},
          {"Mapping.stated_on", Rule::kPartialDay},
          {"Concept.Term.text", Rule::kRequired},
          {"Concept.Term.language", Rule::kLanguage},
          {"Concept.Article.treaty", Rule::kTreaty},
      };
  return *kRules;
}

// A message type taken apart once, since imports walk through every field of
// every record.
struct Plan {
  enum class Is { kOther, kText, kTexts, kMessage, kMessages, kEnum };
  struct Field {
    const FieldDescriptor* field = nullptr;
    Is is = Is::kOther;
    Rule rule = Rule::kText;
    // Of a list.
    int items_max = limits::kListItemsMax;
    // Of a message.
    const Plan* plan = nullptr;
  };
  // By number; null where there is none.
  std::vector<Field> fields;
  // Numbers of the texts that must be set.
  std::vector<uint32_t> required;
};

// Numbers of fields are below it, so that they can be told off in a word.
constexpr uint32_t kFieldNumberEnd = 64;

Plan::Is TypeOf(const FieldDescriptor& field) {
  const bool list = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? Plan::Is::kTexts : Plan::Is::kText;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return list ? Plan::Is::kMessages : Plan::Is::kMessage;
    case FieldDescriptor::CPPTYPE_ENUM:
      return list ? Plan::Is::kOther : Plan::Is::kEnum;
    default:
      return Plan::Is::kOther;
  }
}

// The plans of a type and of all within it. Types do not hold themselves.
const Plan* MakePlan(const google::protobuf::Descriptor& type,
                     absl::flat_hash_map<const google::protobuf::Descriptor*,
                                         const Plan*>* plans) {
  const auto known = plans->find(&type);
  if (known != plans->end()) return known->second;
  auto* plan = new Plan();
  plan->fields.resize(kFieldNumberEnd);
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* descriptor = type.field(i);
    const auto number = static_cast<uint32_t>(descriptor->number());
    assert(number < kFieldNumberEnd);
    Plan::Field& field = plan->fields[number];
    field.field = descriptor;
    field.is = TypeOf(*descriptor);
    if (descriptor->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      field.plan = MakePlan(*descriptor->message_type(), plans);
    }
    absl::string_view name = descriptor->full_name();
    if (!absl::ConsumePrefix(&name, "comity.v1.")) continue;
    if (name == "Expression.provisions") {
      field.items_max = limits::kProvisionsMax;
    }
    const auto rule = Rules().find(name);
    if (rule == Rules().end()) continue;
    field.rule = rule->second;
    if (field.rule == Rule::kRequired) plan->required.push_back(number);
  }
  plans->emplace(&type, plan);
  return plan;
}

// The plan of a record.
const Plan& PlanOf(const Message& record) {
  static const auto* const kPlans = [] {
    auto* plans = new absl::flat_hash_map<const google::protobuf::Descriptor*,
                                          const Plan*>();
    for (const Kind kind : kRecordKinds) {
      v1::Record of_kind;
      MakePlan(*MutableRecord(kind, &of_kind)->GetDescriptor(), plans);
    }
    return plans;
  }();
  return *kPlans->at(record.GetDescriptor());
}

// Where a walk is. Its text is made only for what is wrong.
struct Place {
  const Place* above = nullptr;
  const FieldDescriptor* field = nullptr;
  // In a list; -1: the field is none.
  int index = -1;

  std::string Text() const {
    std::string text = above == nullptr ? "" : above->Text() + ".";
    text += field->name();
    if (index >= 0) absl::StrAppend(&text, "[", index, "]");
    return text;
  }
};

// BCP 47 (RFC 5646) in canonical case: language, then script, region and other
// subtags.
bool IsLanguageTag(absl::string_view tag) {
  // As most are: `en`.
  if (tag.size() == 2) {
    return absl::ascii_islower(static_cast<unsigned char>(tag[0])) &&
           absl::ascii_islower(static_cast<unsigned char>(tag[1]));
  }
  if (tag.size() > 35) return false;
  bool first = true;
  for (const absl::string_view subtag : absl::StrSplit(tag, '-')) {
    if (subtag.empty() || subtag.size() > 8) return false;
    if (!std::all_of(subtag.begin(), subtag.end(), absl::ascii_isalnum)) {
      return false;
    }
    if (first &&
        (subtag.size() < 2 ||
         !std::all_of(subtag.begin(), subtag.end(), absl::ascii_islower))) {
      return false;
    }
    first = false;
  }
  return true;
}

bool HasControl(absl::string_view text) {
  bool has = false;
  // Without a way out in the middle, several bytes are looked at in one step.
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    has |= (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
  }
  return has;
}

bool IsUpper(absl::string_view text, size_t size) {
  return text.size() == size &&
         std::all_of(text.begin(), text.end(), absl::ascii_isupper);
}

// The rule that `text` breaks; empty if it breaks none.
std::string Broken(Rule rule, absl::string_view text) {
  const size_t bytes_max = rule == Rule::kProvisionText
                               ? limits::kProvisionTextBytesMax
                               : limits::kTextBytesMax;
  if (text.size() > bytes_max) {
    return absl::StrCat("must be of at most ", bytes_max, " bytes");
  }
  if (HasControl(text)) {
    return "must have no control characters but tab and line feed";
  }
  if (rule == Rule::kRequired) return text.empty() ? "must be set" : "";
  if (text.empty()) return "";
  const auto name = [&](Kind kind) -> std::string {
    if (names::ParseKind(text, kind, "").ok()) return "";
    return absl::StrCat("must be of the form ", names::Pattern(kind));
  };
  switch (rule) {
    case Rule::kText:
    case Rule::kRequired:
    case Rule::kProvisionText:
      return "";
    case Rule::kDay:
      return ParseDay(text) ? "" : "must be a day as YYYY-MM-DD";
    case Rule::kPartialDay:
      return ParsePartialDay(text)
                 ? ""
                 : "must be YYYY, YYYY-MM or YYYY-MM-DD of the calendar";
    case Rule::kLanguage:
      return IsLanguageTag(text) ? "" : "must be a BCP 47 language tag";
    case Rule::kState:
      return name(Kind::kState);
    case Rule::kTreaty:
      return name(Kind::kTreaty);
    case Rule::kFunction:
      return name(Kind::kFunction);
    case Rule::kAuthority:
      return name(Kind::kAuthority);
    case Rule::kLaw:
      return name(Kind::kLaw);
    case Rule::kAlpha2:
      return IsUpper(text, 2) ? "" : "must be two letters A to Z";
    case Rule::kM49:
      return text.size() == 3 &&
                     std::all_of(text.begin(), text.end(), absl::ascii_isdigit)
                 ? ""
                 : "must be three digits";
  }
  return "";
}

// Fields of a serialised message (protobuf's encoding document), one by one.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes) : rest_(bytes) {}

  // False at the end.
  bool Next() {
    if (rest_.empty()) return false;
    const uint64_t tag = ReadNumber();
    field_number_ = static_cast<uint32_t>(tag >> 3U);
    wire_type_ = static_cast<uint32_t>(tag & 7U);
    text_ = {};
    switch (wire_type_) {
      case kVarint:
        number_ = ReadNumber();
        break;
      case kFixed64:
        Take(8);
        break;
      case kBytes:
        text_ = Take(ReadNumber());
        break;
      case kFixed32:
        Take(4);
        break;
      default:
        break;
    }
    return true;
  }

  static constexpr uint32_t kVarint = 0;
  static constexpr uint32_t kFixed64 = 1;
  static constexpr uint32_t kBytes = 2;
  static constexpr uint32_t kGroup = 3;
  static constexpr uint32_t kGroupEnd = 4;
  static constexpr uint32_t kFixed32 = 5;

  uint32_t field_number() const { return field_number_; }
  uint32_t wire_type() const { return wire_type_; }
  uint64_t number() const { return number_; }
  absl::string_view text() const { return text_; }

 private:
  uint64_t ReadNumber() {
    uint64_t number = 0;
    for (unsigned shift = 0; !rest_.empty() && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_[0]);
      rest_.remove_prefix(1);
      number |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    return number;
  }

  absl::string_view Take(uint64_t size) {
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  absl::string_view rest_;
  uint32_t field_number_ = 0;
  uint32_t wire_type_ = 0;
  uint64_t number_ = 0;
  absl::string_view text_;
};

// Walks through a serialised record and collects what is wrong: that is several
// times as fast as asking for every field whether it is set.
class Walker {
 public:
  void Walk(absl::string_view bytes, const Plan& plan, const Place* above) {
    uint64_t seen = 0;
    // Of a list; lists stand together.
    int index = -1;
    uint32_t last = 0;
    // Fields that the contract does not have may be groups.
    int groups = 0;
    WireReader reader(bytes);
    while (reader.Next()) {
      const uint32_t number = reader.field_number();
      if (reader.wire_type() == WireReader::kGroup) ++groups;
      if (reader.wire_type() == WireReader::kGroupEnd) --groups;
      if (groups > 0 || number >= kFieldNumberEnd) continue;
      const Plan::Field& planned = plan.fields[number];
      if (planned.field == nullptr) continue;
      seen |= uint64_t{1} << number;
      if (number != last) EndList(plan, last, index, above);
      index = number == last ? index + 1 : 0;
      last = number;
      CheckField(reader, planned, Place{above, planned.field}, index);
    }
    EndList(plan, last, index, above);
    for (const uint32_t number : plan.required) {
      if ((seen >> number & 1U) != 0) continue;
      CheckText(Place{above, plan.fields[number].field}, Rule::kRequired, "");
    }
  }

  void Add(std::string field, std::string value, std::string rule) {
    if (problems_.size() >= limits::kProblemsPerRecordMax) return;
    problems_.push_back({std::move(field), std::move(value), std::move(rule)});
  }

  std::vector<FieldProblem> Take() { return std::move(problems_); }

 private:
  void CheckField(const WireReader& reader, const Plan::Field& planned,
                  Place place, int index) {
    const bool is_bytes = reader.wire_type() == WireReader::kBytes;
    switch (planned.is) {
      case Plan::Is::kText:
        if (is_bytes) CheckText(place, planned.rule, reader.text());
        return;
      case Plan::Is::kMessage:
        if (is_bytes) Walk(reader.text(), *planned.plan, &place);
        return;
      case Plan::Is::kEnum:
        if (reader.wire_type() != WireReader::kVarint) return;
        return CheckEnum(place, static_cast<int>(reader.number()));
      case Plan::Is::kTexts:
      case Plan::Is::kMessages:
        // Of too long a list it is enough to say so.
        if (!is_bytes || index >= planned.items_max) return;
        place.index = index;
        if (planned.is == Plan::Is::kMessages) {
          return Walk(reader.text(), *planned.plan, &place);
        }
        if (reader.text().empty()) Add(place.Text(), "", "must not be empty");
        return CheckText(place, planned.rule, reader.text());
      case Plan::Is::kOther:
        return;
    }
  }

  void EndList(const Plan& plan, uint32_t number, int last_index,
               const Place* above) {
    const int items_max = plan.fields[number].items_max;
    if (last_index < items_max) return;
    Add(Place{above, plan.fields[number].field}.Text(),
        absl::StrCat(last_index + 1, " items"),
        absl::StrCat("must have at most ", items_max));
  }

  void CheckText(const Place& place, Rule rule, absl::string_view text) {
    std::string broken = Broken(rule, text);
    if (broken.empty()) return;
    Add(place.Text(), std::string(text), std::move(broken));
  }

  void CheckEnum(const Place& place, int value) {
    if (place.field->enum_type()->FindValueByNumber(value) == nullptr) {
      Add(place.Text(), absl::StrCat(value), "must be a value of the contract");
    }
  }

  std::vector<FieldProblem> problems_;
};

void RequireSameState(const std::string& name, const std::string& other,
                      const char* field, Walker* walker) {
  const auto of_name = names::Parse(name, "name");
  const auto of_other = names::Parse(other, field);
  if (!of_name.ok() || !of_other.ok() || of_name->first == of_other->first) {
    return;
  }
  walker->Add(field, other, "must belong to the State of the record's name");
}

void CheckAuthority(const v1::Authority& authority, Walker* walker) {
  if (authority.display_names().empty()) {
    walker->Add("display_names", "", "must have at least one name");
  }
  for (int i = 0; i < authority.contacts_size(); ++i) {
    for (int j = 0; j < authority.contacts(i).addresses_size(); ++j) {
      const int lines = authority.contacts(i).addresses(j).lines_size();
      if (lines <= limits::kAddressLinesMax) continue;
      walker->Add(absl::StrCat("contacts[", i, "].addresses[", j, "].lines"),
                  absl::StrCat(lines, " lines"),
                  absl::StrCat("must have at most ", limits::kAddressLinesMax));
    }
  }
}

void CheckDesignation(const v1::Designation& designation, Walker* walker) {
  if (designation.treaty().empty()) walker->Add("treaty", "", "must be set");
  if (designation.function().empty()) {
    walker->Add("function", "", "must be set");
  }
  if (!designation.authority().empty()) {
    RequireSameState(designation.name(), designation.authority(), "authority",
                     walker);
  }
  const auto from = ParseDay(designation.valid_from().date());
  const auto until = ParseDay(designation.valid_until().date());
  if (from.has_value() && until.has_value() && *until <= *from) {
    walker->Add("valid_until.date", designation.valid_until().date(),
                absl::StrCat("must be after valid_from, ",
                             designation.valid_from().date()));
  }
}

void CheckTreaty(const v1::Treaty& treaty, Walker* walker) {
  const v1::EntryIntoForceRule& rule = treaty.entry_into_force_rule();
  const struct {
    const char* field;
    int32_t value;
  } counts[] = {{"days_after_threshold", rule.days_after_threshold()},
                {"threshold_instruments", rule.threshold_instruments()},
                {"days_after_deposit", rule.days_after_deposit()},
                {"withdrawal_months", rule.withdrawal_months()}};
  for (const auto& count : counts) {
    if (count.value >= 0 && count.value <= 10000) continue;
    walker->Add(absl::StrCat("entry_into_force_rule.", count.field),
                absl::StrCat(count.value), "must be from 0 to 10000");
  }
  if (rule.not_before() == treaty.name() && !treaty.name().empty()) {
    walker->Add("entry_into_force_rule.not_before", rule.not_before(),
                "must be another treaty");
  }
}

void CheckParticipation(const v1::Participation& participation,
                        Walker* walker) {
  std::string last;
  for (int i = 0; i < participation.periods_size(); ++i) {
    const std::string& deposit = participation.periods(i).deposit_date();
    if (deposit.empty()) continue;
    if (deposit < last) {
      walker->Add(absl::StrCat("periods[", i, "].deposit_date"), deposit,
                  "must not be before that of the period before it");
    }
    last = deposit;
  }
}

void CheckExpression(const v1::Expression& expression, Walker* walker) {
  const absl::string_view language =
      names::ExpressionIdOf(expression.name()).language;
  if (expression.language() != language) {
    walker->Add("language", expression.language(),
                absl::StrCat("must be that of the name, ", language));
  }
  absl::flat_hash_set<absl::string_view> ids;
  size_t bytes = 0;
  for (int i = 0; i < expression.provisions_size(); ++i) {
    const v1::Provision& provision = expression.provisions(i);
    const auto at = [i](const char* field) {
      return absl::StrCat("provisions[", i, "].", field);
    };
    bytes += provision.text().size() + provision.heading().size();
    if (!names::IsId(provision.name())) {
      walker->Add(at("name"), provision.name(),
                  absl::StrCat("must be of 1 to ", limits::kIdBytesMax,
                               " letters a-z, digits and inner hyphens"));
    }
    if (!provision.parent().empty() && !ids.contains(provision.parent())) {
      walker->Add(at("parent"), provision.parent(),
                  "must be the id of a provision before it");
    }
    if (!ids.insert(provision.name()).second) {
      walker->Add(at("name"), provision.name(),
                  "must be of one provision of the expression only");
    }
  }
  if (bytes > limits::kExpressionBytesMax) {
    walker->Add(
        "provisions", absl::StrCat(bytes, " bytes of text"),
        absl::StrCat("must have at most ", limits::kExpressionBytesMax));
  }
}

void CheckMapping(const v1::Mapping& mapping, Walker* walker) {
  if (mapping.treaty().empty()) walker->Add("treaty", "", "must be set");
  if (!mapping.provision().empty() && !names::IsId(mapping.provision())) {
    walker->Add("provision", mapping.provision(),
                "must be the id of a provision");
  }
}

// Name and referring field of every record that `record` needs.
std::vector<std::pair<std::string, std::string>> References(
    const Message& record) {
  std::vector<std::pair<std::string, std::string>> references;
  const auto add = [&](const char* field, const std::string& name) {
    if (!name.empty()) references.emplace_back(field, name);
  };
  const auto* type = record.GetDescriptor();
  if (type == v1::State::descriptor()) {
    add("parent", static_cast<const v1::State&>(record).parent());
  } else if (type == v1::Treaty::descriptor()) {
    const auto& treaty = static_cast<const v1::Treaty&>(record);
    add("parent", treaty.parent());
    add("entry_into_force_rule.not_before",
        treaty.entry_into_force_rule().not_before());
  } else if (type == v1::Function::descriptor()) {
    for (const auto& article :
         static_cast<const v1::Function&>(record).articles()) {
      add("articles.treaty", article.treaty());
    }
  } else if (type == v1::Participation::descriptor()) {
    const auto parts = names::Parse(NameOfRecord(record), "name");
    if (parts.ok()) {
      add("name", names::Treaty(parts->first));
      add("name", names::State(parts->second));
    }
  } else if (type == v1::Authority::descriptor()) {
    const auto parts = names::Parse(NameOfRecord(record), "name");
    if (parts.ok()) add("name", names::State(parts->first));
  } else if (type == v1::Designation::descriptor()) {
    const auto& designation = static_cast<const v1::Designation&>(record);
    const auto parts = names::Parse(designation.name(), "name");
    if (parts.ok()) add("name", names::State(parts->first));
    add("authority", designation.authority());
    add("treaty", designation.treaty());
    add("function", designation.function());
  } else if (type == v1::Law::descriptor()) {
    const auto parts = names::Parse(NameOfRecord(record), "name");
    if (parts.ok()) add("name", names::State(parts->first));
  } else if (type == v1::Expression::descriptor() ||
             type == v1::Mapping::descriptor()) {
    const auto parts = names::Parse(NameOfRecord(record), "name");
    if (parts.ok()) add("name", names::LawOf(*parts));
    if (type == v1::Mapping::descriptor()) {
      add("treaty", static_cast<const v1::Mapping&>(record).treaty());
    }
  } else if (type == v1::Concept::descriptor()) {
    for (const auto& article :
         static_cast<const v1::Concept&>(record).articles()) {
      add("articles.treaty", article.treaty());
    }
  }
  return references;
}

}  // namespace

std::vector<FieldProblem> Validate(const Message& record) {
  Walker walker;
  walker.Walk(record.SerializeAsString(), PlanOf(record), nullptr);
  const auto* type = record.GetDescriptor();
  const std::string& name = NameOfRecord(record);
  Kind kind = Kind::kDesignation;
  if (type == v1::State::descriptor()) {
    kind = Kind::kState;
    if (static_cast<const v1::State&>(record).short_names().empty()) {
      walker.Add("short_names", "", "must have at least one name");
    }
  } else if (type == v1::Treaty::descriptor()) {
    kind = Kind::kTreaty;
    CheckTreaty(static_cast<const v1::Treaty&>(record), &walker);
  } else if (type == v1::Function::descriptor()) {
    kind = Kind::kFunction;
  } else if (type == v1::Participation::descriptor()) {
    kind = Kind::kParticipation;
    CheckParticipation(static_cast<const v1::Participation&>(record), &walker);
  } else if (type == v1::Authority::descriptor()) {
    kind = Kind::kAuthority;
    CheckAuthority(static_cast<const v1::Authority&>(record), &walker);
  } else if (type == v1::Law::descriptor()) {
    kind = Kind::kLaw;
    if (static_cast<const v1::Law&>(record).titles().empty()) {
      walker.Add("titles", "", "must have at least one title");
    }
  } else if (type == v1::Expression::descriptor()) {
    kind = Kind::kExpression;
    CheckExpression(static_cast<const v1::Expression&>(record), &walker);
  } else if (type == v1::Mapping::descriptor()) {
    kind = Kind::kMapping;
    CheckMapping(static_cast<const v1::Mapping&>(record), &walker);
  } else if (type == v1::Concept::descriptor()) {
    kind = Kind::kConcept;
    if (static_cast<const v1::Concept&>(record).terms().empty()) {
      walker.Add("terms", "", "must have at least one term");
    }
  } else {
    CheckDesignation(static_cast<const v1::Designation&>(record), &walker);
  }
  if (!names::ParseKind(name, kind, "name").ok()) {
    walker.Add("name", name,
               absl::StrCat("must be of the form ", names::Pattern(kind)));
  }
  return walker.Take();
}

absl::Status CheckReferences(const Transaction& transaction,
                             const Message& record) {
  for (const auto& [field, name] : References(record)) {
    if (name == NameOfRecord(record)) continue;
    ASSIGN_OR_RETURN(const bool exists,
                     transaction.Exists(name, /*ever=*/false));
    if (exists) continue;
    return WithReason(absl::FailedPreconditionError(absl::StrCat(
                          field, " is ", name, ", which does not exist")),
                      "REFERENCE_MISSING");
  }
  return absl::OkStatus();
}

absl::Status ToStatus(const std::vector<FieldProblem>& problems) {
  if (problems.empty()) return absl::OkStatus();
  const FieldProblem& first = problems.front();
  return InvalidField(first.field, first.value, first.rule);
}

}  // namespace comity
