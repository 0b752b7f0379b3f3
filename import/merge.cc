#include "import/merge.h"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/text.h"

namespace comity {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::RepeatedPtrField;

bool SamePlace(const v1::Source& a, const v1::Source& b) {
  return !a.system().empty() && a.system() == b.system() && a.id() == b.id();
}

// Sources of one place, or the same in all that they say.
bool AreOne(const v1::Source& a, const v1::Source& b) {
  if (a.id() != b.id() || a.system() != b.system()) return false;
  return !a.system().empty() || a.SerializeAsString() == b.SerializeAsString();
}

// Takes the sources out of `said`.
void MergeSources(RepeatedPtrField<v1::Source>* said,
                  RepeatedPtrField<v1::Source>* sources) {
  for (v1::Source& source : *said) {
    const auto at = std::find_if(
        sources->begin(), sources->end(),
        [&](const v1::Source& each) { return AreOne(each, source); });
    (at == sources->end() ? sources->Add() : &*at)->Swap(&source);
  }
}

void MergeSources(RepeatedPtrField<v1::Source> said,
                  RepeatedPtrField<v1::Source>* sources) {
  MergeSources(&said, sources);
}

void MergeTexts(const RepeatedPtrField<v1::LocalizedText>& said,
                RepeatedPtrField<v1::LocalizedText>* texts) {
  for (const v1::LocalizedText& text : said) {
    const auto at = std::find_if(texts->begin(), texts->end(),
                                 [&](const v1::LocalizedText& each) {
                                   return each.language() == text.language();
                                 });
    if (at == texts->end()) {
      *texts->Add() = text;
    } else {
      *at = text;
    }
  }
}

// What was printed for a field replaces what was printed for it before.
void MergeAsStated(const RepeatedPtrField<v1::AsStated>& said,
                   RepeatedPtrField<v1::AsStated>* statements) {
  for (const v1::AsStated& statement : said) {
    const auto at = std::find_if(statements->begin(), statements->end(),
                                 [&](const v1::AsStated& each) {
                                   return each.field() == statement.field();
                                 });
    if (at == statements->end()) {
      *statements->Add() = statement;
    } else {
      *at = statement;
    }
  }
}

void MergeNotes(const RepeatedPtrField<std::string>& said,
                RepeatedPtrField<std::string>* notes) {
  for (const std::string& note : said) {
    if (std::find(notes->begin(), notes->end(), note) == notes->end()) {
      *notes->Add() = note;
    }
  }
}

void MergeOtherNames(const v1::State& said, v1::State* state) {
  for (const v1::State::OtherName& name : said.other_names()) {
    const bool known = std::any_of(
        state->other_names().begin(), state->other_names().end(),
        [&](const auto& each) { return each.text() == name.text(); });
    if (!known) *state->add_other_names() = name;
  }
}

// Copies every field that `said` has, but for those in `joined`, over that of
// `record`.
void ReplaceFields(const Message& said,
                   std::initializer_list<absl::string_view> joined,
                   Message* record) {
  const Reflection* reflection = said.GetReflection();
  std::unique_ptr<Message> replacing(said.New());
  replacing->CopyFrom(said);
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(said, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool is_joined =
        std::find(joined.begin(), joined.end(),
                  absl::string_view(field->name())) != joined.end();
    // Merging into an empty field copies, whatever its type.
    reflection->ClearField(is_joined ? replacing.get() : record, field);
  }
  record->MergeFrom(*replacing);
}

// The lists that every record has.
template <class M>
void MergeLists(const M& said, M* record) {
  MergeSources(said.sources(), record->mutable_sources());
  MergeAsStated(said.as_stated(), record->mutable_as_stated());
  MergeNotes(said.notes(), record->mutable_notes());
}

// The data of a contact, without where they come from, as bytes. The contact is
// in the end as it was.
std::string ContentOf(v1::Contact* contact) {
  RepeatedPtrField<v1::Source> sources;
  RepeatedPtrField<v1::AsStated> as_stated;
  sources.Swap(contact->mutable_sources());
  as_stated.Swap(contact->mutable_as_stated());
  std::string content = contact->SerializeAsString();
  sources.Swap(contact->mutable_sources());
  as_stated.Swap(contact->mutable_as_stated());
  return content;
}

std::vector<std::string> ContentsOf(RepeatedPtrField<v1::Contact>* contacts) {
  std::vector<std::string> contents;
  for (v1::Contact& contact : *contacts)
    contents.push_back(ContentOf(&contact));
  return contents;
}

bool ComesFrom(const v1::Contact& contact, const v1::Source& source) {
  return std::any_of(
      contact.sources().begin(), contact.sources().end(),
      [&](const v1::Source& each) { return SamePlace(each, source); });
}

void RemoveSource(const v1::Source& source, v1::Contact* contact) {
  auto* sources = contact->mutable_sources();
  sources->erase(std::remove_if(sources->begin(), sources->end(),
                                [&](const v1::Source& each) {
                                  return SamePlace(each, source);
                                }),
                 sources->end());
}

// Takes back what the sources of `said` gave before, where they give something
// else now: not one of `contents`. A contact that nobody gives any more goes.
void TakeBackContacts(const v1::Authority& said,
                      const std::vector<std::string>& contents,
                      v1::Authority* record) {
  bool taken_back = false;
  for (const v1::Source& source : said.sources()) {
    if (source.system().empty() || source.id().empty()) continue;
    for (v1::Contact& contact : *record->mutable_contacts()) {
      if (!ComesFrom(contact, source)) continue;
      const std::string content = ContentOf(&contact);
      if (std::find(contents.begin(), contents.end(), content) !=
          contents.end()) {
        continue;
      }
      RemoveSource(source, &contact);
      taken_back = true;
      if (contact.sources().empty()) contact.Clear();
    }
  }
  if (!taken_back) return;
  auto* contacts = record->mutable_contacts();
  contacts->erase(std::remove_if(contacts->begin(), contacts->end(),
                                 [](const v1::Contact& contact) {
                                   return contact.ByteSizeLong() == 0;
                                 }),
                  contacts->end());
}

absl::string_view LabelOf(v1::TelephoneNumber::Kind kind) {
  switch (kind) {
    case v1::TelephoneNumber::KIND_FAX:
      return "fax ";
    case v1::TelephoneNumber::KIND_TELEPHONE_AND_FAX:
      return "telephone and fax ";
    case v1::TelephoneNumber::KIND_OUTSIDE_OFFICE_HOURS:
      return "outside office hours ";
    default:
      return "telephone ";
  }
}

// Contact data as a letterhead has them: `1 Court Square, Vilnius; telephone
// +370 5 266 2984; mj@example.org`.
std::string InWords(const v1::Contact& contact) {
  std::vector<std::string> words;
  for (const v1::PostalAddress& address : contact.addresses()) {
    words.push_back(absl::StrJoin(address.lines(), ", "));
  }
  for (const v1::TelephoneNumber& telephone : contact.telephones()) {
    words.push_back(absl::StrCat(LabelOf(telephone.kind()), telephone.number(),
                                 telephone.note().empty() ? "" : ", ",
                                 telephone.note()));
  }
  words.insert(words.end(), contact.emails().begin(), contact.emails().end());
  words.insert(words.end(), contact.websites().begin(),
               contact.websites().end());
  for (const auto& [label, text] :
       {std::pair("", &contact.office_hours()),
        std::pair("time zone ", &contact.time_zone()),
        std::pair("until ", &contact.valid_until())}) {
    if (!text->empty()) words.push_back(absl::StrCat(label, *text));
  }
  return absl::StrJoin(words, "; ");
}

// Takes contacts out of `said`.
void MergeContacts(v1::Authority* said, v1::Authority* record,
                   std::vector<MergeNotice>* notices) {
  // A row that gives no contact data does not take back any.
  if (said->contacts().empty()) return;
  const std::vector<std::string> contents =
      ContentsOf(said->mutable_contacts());
  TakeBackContacts(*said, contents, record);
  std::vector<std::string> known = ContentsOf(record->mutable_contacts());
  auto* contacts = record->mutable_contacts();
  for (int i = 0; i < said->contacts_size(); ++i) {
    const std::string& content = contents[static_cast<size_t>(i)];
    v1::Contact* contact = said->mutable_contacts(i);
    const auto at = std::find(known.begin(), known.end(), content);
    if (at != known.end()) {
      v1::Contact& same =
          (*contacts)[static_cast<int>(std::distance(known.begin(), at))];
      MergeSources(contact->mutable_sources(), same.mutable_sources());
      MergeAsStated(contact->as_stated(), same.mutable_as_stated());
      continue;
    }
    if (!contacts->empty()) {
      notices->push_back(
          {"contacts", InWords(contacts->Get(0)),
           "this office has these other contact data too; both are kept side "
           "by side"});
    }
    contacts->Add()->Swap(contact);
    known.push_back(content);
  }
}

bool Has(const RepeatedPtrField<v1::LocalizedText>& names,
         const std::string& folded) {
  return std::any_of(names.begin(), names.end(),
                     [&](const v1::LocalizedText& name) {
                       return Fold(name.text()) == folded;
                     });
}

// As it stands there, which is told faster than folded.
bool IsThere(const RepeatedPtrField<v1::LocalizedText>& names,
             const std::string& text) {
  return std::any_of(
      names.begin(), names.end(),
      [&](const v1::LocalizedText& name) { return name.text() == text; });
}

void MergeNames(const v1::Authority& said, bool first, v1::Authority* record,
                std::vector<MergeNotice>* notices) {
  for (const v1::LocalizedText& name : said.display_names()) {
    if (record->display_names().empty()) {
      *record->add_display_names() = name;
      continue;
    }
    if (IsThere(record->display_names(), name.text())) continue;
    const std::string folded = Fold(name.text());
    if (Has(record->display_names(), folded)) continue;
    if (Has(record->former_names(), folded)) {
      notices->push_back({"display_names", name.text(),
                          absl::StrCat("is a former name; the office is now ",
                                       record->display_names(0).text())});
      continue;
    }
    auto* names = record->mutable_display_names();
    const auto same_language = std::find_if(
        names->begin(), names->end(), [&](const v1::LocalizedText& each) {
          return each.language() == name.language();
        });
    if (same_language == names->end()) {
      *names->Add() = name;
    } else if (first) {
      // The source calls the same office something else now.
      record->mutable_former_names()->Add()->Swap(&*same_language);
      for (int i = record->former_names_size() - 1; i > 0; --i) {
        record->mutable_former_names()->SwapElements(i, i - 1);
      }
      *same_language = name;
    } else {
      notices->push_back({"display_names", name.text(),
                          absl::StrCat("differs from an earlier row, which "
                                       "says ",
                                       same_language->text())});
    }
  }
}

void MergeText(const char* field, const std::string& said, bool first,
               std::string* text, std::vector<MergeNotice>* notices) {
  if (said.empty() || said == *text) return;
  if (text->empty() || first) {
    *text = said;
    return;
  }
  notices->push_back(
      {field, said,
       absl::StrCat("differs from an earlier row, which says ", *text)});
}

}  // namespace

void Merge(const v1::State& said, v1::State* state) {
  ReplaceFields(said,
                {"short_names", "formal_names", "other_names", "sources",
                 "as_stated", "notes"},
                state);
  MergeTexts(said.short_names(), state->mutable_short_names());
  MergeTexts(said.formal_names(), state->mutable_formal_names());
  MergeOtherNames(said, state);
  MergeLists(said, state);
}

void Merge(const v1::Treaty& said, v1::Treaty* treaty) {
  ReplaceFields(said,
                {"titles", "short_titles", "sources", "as_stated", "notes"},
                treaty);
  MergeTexts(said.titles(), treaty->mutable_titles());
  MergeTexts(said.short_titles(), treaty->mutable_short_titles());
  MergeLists(said, treaty);
}

void Merge(const v1::Participation& said, v1::Participation* participation) {
  ReplaceFields(said, {"sources", "as_stated", "notes"}, participation);
  MergeLists(said, participation);
}

void Merge(const v1::Designation& said, v1::Designation* designation) {
  ReplaceFields(said, {"sources", "as_stated", "notes"}, designation);
  MergeLists(said, designation);
}

void Merge(const v1::Law& said, v1::Law* law) {
  ReplaceFields(
      said, {"titles", "short_titles", "sources", "as_stated", "notes"}, law);
  MergeTexts(said.titles(), law->mutable_titles());
  MergeTexts(said.short_titles(), law->mutable_short_titles());
  MergeLists(said, law);
}

std::vector<MergeNotice> MergeAuthority(v1::Authority* said, bool first,
                                        v1::Authority* record) {
  std::vector<MergeNotice> notices;
  MergeNames(*said, first, record, &notices);
  MergeText("unit", said->unit(), first, record->mutable_unit(), &notices);
  MergeText("interpol_channel", said->interpol_channel(), first,
            record->mutable_interpol_channel(), &notices);
  MergeText("territory", said->territory(), first, record->mutable_territory(),
            &notices);
  if (said->kind() != v1::Authority::KIND_UNSPECIFIED &&
      (first || record->kind() == v1::Authority::KIND_UNSPECIFIED)) {
    record->set_kind(said->kind());
  }
  if (!said->languages().empty() && (first || record->languages().empty())) {
    *record->mutable_languages() = said->languages();
  }
  MergeContacts(said, record, &notices);
  MergeAsStated(said->as_stated(), record->mutable_as_stated());
  MergeSources(said->mutable_sources(), record->mutable_sources());
  MergeNotes(said->notes(), record->mutable_notes());
  return notices;
}

}  // namespace comity
