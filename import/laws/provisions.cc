#include "import/laws/provisions.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/text.h"
#include "import/laws/limits.h"

namespace comity::laws {
namespace {

using Kind = v1::Provision;

absl::string_view IdWord(v1::Provision::Kind kind) {
  switch (kind) {
    case Kind::KIND_PREAMBLE:
      return "preamble";
    case Kind::KIND_BOOK:
      return "book";
    case Kind::KIND_PART:
      return "part";
    case Kind::KIND_TITLE:
      return "title";
    case Kind::KIND_CHAPTER:
      return "ch";
    case Kind::KIND_DIVISION:
      return "div";
    case Kind::KIND_ARTICLE:
      return "art";
    case Kind::KIND_SECTION:
      return "s";
    case Kind::KIND_PARAGRAPH:
    case Kind::KIND_SCHEDULE_PARAGRAPH:
      return "par";
    case Kind::KIND_SCHEDULE:
      return "sched";
    case Kind::KIND_CLOSING:
      return "closing";
    case Kind::KIND_HEADING:
      return "heading";
    default:
      return "text";
  }
}

// Room for what makes an id unique.
constexpr size_t kIdBytes = limits::kIdBytesMax - 6;

std::string Unique(std::string id,
                   absl::flat_hash_map<std::string, int>* taken) {
  if (taken->emplace(id, 1).second) return id;
  while (true) {
    std::string candidate = absl::StrCat(id, "-", ++(*taken)[id]);
    if (taken->emplace(candidate, 1).second) return candidate;
  }
}

// Ids of the provisions, in their order.
std::vector<std::string> MakeIds(
    const std::vector<Provisions::Entry>& entries) {
  std::vector<std::string> ids;
  ids.reserve(entries.size());
  absl::flat_hash_map<std::string, int> taken;
  for (size_t i = 0; i < entries.size(); ++i) {
    const Provisions::Entry& entry = entries[i];
    std::string own = entry.id_word.empty() ? std::string(IdWord(entry.kind))
                                            : Slug(entry.id_word, 24);
    if (!entry.number.empty()) {
      absl::StrAppend(&own, "-", Slug(entry.number, 20));
    } else if (entry.kind == Kind::KIND_HEADING ||
               entry.kind == Kind::KIND_TEXT) {
      absl::StrAppend(&own, "-", i + 1);
    }
    std::string id = own;
    const std::string parent = entry.parent == Provisions::kNone
                                   ? ""
                                   : ids[static_cast<size_t>(entry.parent)];
    // Groupings and pieces of schedules are told apart by what they are in;
    // articles are counted through in most laws, and only else.
    const bool nested =
        !parent.empty() && (!IsBasic(entry.kind) || taken.contains(own)) &&
        entry.kind != Kind::KIND_HEADING && entry.kind != Kind::KIND_TEXT;
    if (nested && parent.size() + 1 + own.size() <= kIdBytes) {
      id = absl::StrCat(parent, "-", own);
    }
    ids.push_back(Unique(std::move(id), &taken));
  }
  return ids;
}

size_t FloorCharacter(absl::string_view text, size_t position) {
  while (position > 0 &&
         (static_cast<unsigned char>(text[position]) & 0xC0U) == 0x80U) {
    --position;
  }
  return position;
}

}  // namespace

bool IsBasic(v1::Provision::Kind kind) {
  return kind == Kind::KIND_ARTICLE || kind == Kind::KIND_SECTION ||
         kind == Kind::KIND_PARAGRAPH;
}

void AddNotice(LawDocument* document, absl::string_view place,
               absl::string_view text) {
  if (document->notices.size() >= law_limits::kNoticesMax) return;
  document->notices.push_back({std::string(place), std::string(text)});
}

std::vector<std::string> CutText(absl::string_view text, size_t bytes_max) {
  std::vector<std::string> pieces;
  while (text.size() > bytes_max) {
    const absl::string_view head = text.substr(0, bytes_max);
    size_t cut = head.rfind('\n');
    if (cut == absl::string_view::npos || cut < bytes_max / 3) {
      cut = head.rfind(". ");
      if (cut != absl::string_view::npos) ++cut;
    }
    if (cut == absl::string_view::npos || cut < bytes_max / 3) {
      cut = head.rfind(' ');
    }
    if (cut == absl::string_view::npos || cut < bytes_max / 3) {
      cut = FloorCharacter(text, bytes_max);
    }
    pieces.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut);
    while (!text.empty() && (text[0] == '\n' || text[0] == ' ')) {
      text.remove_prefix(1);
    }
  }
  if (!text.empty()) pieces.emplace_back(text);
  return pieces;
}

int Provisions::Add(Entry entry) {
  entry.label = Tidy(entry.label);
  entry.heading = Tidy(entry.heading);
  if (entry.label.size() > law_limits::kHeadingBytesMax) {
    entry.text =
        absl::StrCat(entry.label, entry.text.empty() ? "" : "\n", entry.text);
    entry.label.clear();
  }
  if (entry.heading.size() > law_limits::kHeadingBytesMax) {
    entry.text =
        absl::StrCat(entry.heading, entry.text.empty() ? "" : "\n", entry.text);
    entry.heading.clear();
  }
  entries_.push_back(std::move(entry));
  return static_cast<int>(entries_.size()) - 1;
}

void Provisions::AddText(int index, absl::string_view paragraph) {
  const std::string tidy = Tidy(paragraph);
  if (tidy.empty()) return;
  std::string& text = at(index).text;
  if (!text.empty()) text.push_back('\n');
  text += tidy;
}

absl::Status Provisions::Finish(LawDocument* document) {
  // What is too long goes on below itself.
  std::vector<Entry> all;
  all.reserve(entries_.size());
  std::vector<int> moved(entries_.size(), kNone);
  for (size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.parent != kNone) {
      entry.parent = moved[static_cast<size_t>(entry.parent)];
    }
    if (entry.label.empty() && entry.heading.empty() && entry.text.empty()) {
      moved[i] = entry.parent;
      continue;
    }
    std::vector<std::string> pieces;
    if (entry.text.size() > law_limits::kProvisionTextBytesMax) {
      pieces = CutText(entry.text, law_limits::kProvisionTextBytesMax);
      entry.text = pieces[0];
    }
    moved[i] = static_cast<int>(all.size());
    all.push_back(std::move(entry));
    for (size_t j = 1; j < pieces.size(); ++j) {
      Entry more;
      more.kind = Kind::KIND_TEXT;
      more.parent = moved[i];
      more.text = std::move(pieces[j]);
      all.push_back(std::move(more));
    }
    if (all.size() > law_limits::kProvisionsMax) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "the law has more than ", law_limits::kProvisionsMax, " provisions"));
    }
  }
  entries_.clear();
  const std::vector<std::string> ids = MakeIds(all);
  int64_t bytes = 0;
  document->provisions.clear();
  document->provisions.reserve(all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    Entry& entry = all[i];
    v1::Provision& provision = document->provisions.emplace_back();
    provision.set_name(ids[i]);
    provision.set_kind(entry.kind);
    provision.set_position(static_cast<int32_t>(i) + 1);
    if (entry.parent != kNone) {
      provision.set_parent(ids[static_cast<size_t>(entry.parent)]);
    }
    bytes += static_cast<int64_t>(entry.heading.size() + entry.text.size());
    provision.set_label(std::move(entry.label));
    provision.set_number(std::move(entry.number));
    provision.set_heading(std::move(entry.heading));
    provision.set_text(std::move(entry.text));
    provision.set_status(entry.status);
    provision.set_in_force(std::move(entry.in_force));
    provision.set_repealed(std::move(entry.repealed));
    provision.set_language(std::move(entry.language));
    if (provision.kind() != Kind::KIND_TEXT &&
        provision.kind() != Kind::KIND_PREAMBLE &&
        provision.kind() != Kind::KIND_CLOSING) {
      document->structure_found = true;
    }
  }
  document->expression.set_provision_count(static_cast<int32_t>(all.size()));
  document->expression.set_text_bytes(bytes);
  return absl::OkStatus();
}

void AddTextPieces(absl::string_view text, Provisions* provisions) {
  for (std::string& piece : CutText(text, law_limits::kTextPieceBytes)) {
    Provisions::Entry entry;
    entry.kind = Kind::KIND_TEXT;
    entry.text = std::move(piece);
    provisions->Add(std::move(entry));
  }
}

}  // namespace comity::laws
