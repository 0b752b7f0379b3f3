// `law`, `provision`, `diff`, `coverage`: reading the legal library.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/english.h"
#include "base/errors.h"
#include "base/names.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "comity/v1/library_service.pb.h"

namespace comity::cli {
namespace {

constexpr char kLawType[] = "LAW";
constexpr char kExpressionType[] = "EXPRESSION";
// Words that stay around what differs in a text.
constexpr size_t kWordsOfContext = 8;
// Texts of more words are shown whole: comparing takes their product.
constexpr size_t kWordsCompared = 3000;

bool IsName(absl::string_view text, Kind kind) {
  return names::ParseKind(text, kind, "").ok();
}

// A law for what a person typed: its name, or a citation that the server
// resolves.
absl::StatusOr<v1::ResolveLawCitationResponse::Match> FindLaw(
    Session* session, const std::vector<std::string>& words) {
  v1::ResolveLawCitationResponse::Match match;
  const std::string text = absl::StrJoin(words, " ");
  if (IsName(text, Kind::kLaw)) {
    match.set_law(text);
    return match;
  }
  v1::ResolveLawCitationRequest request;
  request.set_citation(text);
  v1::ResolveLawCitationResponse response;
  RETURN_IF_ERROR(session->client().Call(request, &response));
  if (response.matches().empty()) {
    return absl::NotFoundError(
        absl::StrCat("no law on record is cited so: ", text,
                     "; try `comity search` for its words"));
  }
  if (response.matches_size() > 1 && !session->json()) {
    std::vector<std::string> others;
    for (int i = 1; i < response.matches_size(); ++i) {
      others.push_back(response.matches(i).law());
    }
    session->err().Line(
        absl::StrCat("Taken for ", response.matches(0).law(),
                     "; also near: ", absl::StrJoin(others, ", ")),
        Style::kLabel);
  }
  return response.matches(0);
}

std::string KindWords(v1::Expression::Kind kind) {
  switch (kind) {
    case v1::Expression::KIND_TRANSLATION:
      return "translation";
    case v1::Expression::KIND_ABSTRACT:
      return "abstract, not the text";
    default:
      return "text";
  }
}

std::string BoundWords(const v1::Expression& expression) {
  std::string words;
  if (!expression.valid_from().date().empty()) {
    words = absl::StrCat("from ", expression.valid_from().date());
  }
  if (!expression.valid_until().date().empty()) {
    absl::StrAppend(&words, words.empty() ? "until " : " until ",
                    expression.valid_until().date());
  }
  return words.empty() ? "dates not on record" : words;
}

std::string ExpressionLine(const v1::Expression& expression) {
  return absl::StrCat(
      LanguageName(expression.language()), ", ", KindWords(expression.kind()),
      ", ", BoundWords(expression), ", ",
      Count(expression.provision_count(), "provision", "provisions"), "  ",
      expression.name());
}

// Label and heading as one line.
std::string HeadOf(const v1::Provision& provision) {
  if (provision.label().empty()) return provision.heading();
  if (provision.heading().empty()) return provision.label();
  return absl::StrCat(provision.label(), "  ", provision.heading());
}

void PrintLaw(Session* session, const v1::Law& law) {
  Printer& out = session->out();
  out.Line(absl::StrCat(TextOf(law.titles()), "  ", law.name()),
           Style::kHeading);
  FieldList fields;
  Footnotes notes;
  const auto parts = names::Parse(law.name(), "name");
  if (parts.ok()) {
    fields.Add("State", session->StateTitle(names::StateOf(*parts)));
  }
  fields.Add("Territory", law.territory());
  for (int i = 1; i < law.titles_size(); ++i) {
    fields.Add("Title",
               absl::StrCat(law.titles(i).text(), " (",
                            LanguageName(law.titles(i).language()), ")"));
  }
  for (const v1::LocalizedText& title : law.short_titles()) {
    fields.Add("Short title", title.text());
  }
  fields.Add("Type", law.type_as_stated().empty()
                         ? Words(law.type())
                         : absl::StrCat(Words(law.type()), " (\"",
                                        law.type_as_stated(), "\")"));
  fields.Add("Number", law.number());
  fields.Add("Adopted", law.adopted());
  fields.Add("Published", law.published());
  fields.Add("In force", law.in_force());
  fields.Add("Repealed", law.repealed(), Style::kWarning);
  if (law.status() != v1::LAW_STATUS_UNSPECIFIED) {
    fields.Add("Status", Words(law.status()));
  }
  fields.Add("Subjects", absl::StrJoin(law.subjects(), ", "));
  for (const v1::LawRelation& relation : law.relations()) {
    fields.Add("Relations",
               absl::StrCat(Words(relation.kind()), " ",
                            relation.law().empty() ? relation.citation()
                                                   : relation.law()));
  }
  fields.Add("Address", law.uri());
  for (const std::string& note : law.notes()) fields.Add("Remark", note);
  const std::string marks = notes.Marks(law.sources());
  if (!marks.empty()) fields.Add("From", marks.substr(1));
  out.Print(fields);
  notes.Print(&out);
}

class LawCommand : public Command {
 public:
  explicit LawCommand(Arguments* arguments) {
    arguments->OptionalWords("law", &law_, 40, kLawType,
                             "Name, or citation: Kenya, Anti-Money Laundering "
                             "Act, s. 3");
    arguments->Text("--state", &state_, kStateType,
                    "List the laws of this State instead");
    arguments->Text("--language", &language_, "TAG",
                    "Text in this language (BCP 47), where there is one");
    arguments->Text("--on", &on_, kDayType, "Text as of this day");
    arguments->Flag("--text", &text_, "Print the whole text");
    arguments->Number("--limit", &limit_, 1, INT64_MAX, "Most laws to list");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (law_.empty()) return List(session);
    RETURN_IF_ERROR(CheckDayOption(on_, "--on"));
    ASSIGN_OR_RETURN(const auto found, FindLaw(session, law_));
    v1::GetLawRequest request;
    request.set_name(found.law());
    v1::Law law;
    RETURN_IF_ERROR(session->client().Call(request, &law));
    if (session->json()) {
      session->out().Json(law);
    } else {
      PrintLaw(session, law);
    }
    return ShowExpressions(session, found);
  }

 private:
  absl::StatusOr<int> List(Session* session) {
    v1::ListLawsRequest request;
    request.set_parent("states/-");
    if (!state_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_parent(), session->StateName(state_));
    }
    Table table({"LAW", "TITLE", "TYPE", "ADOPTED"});
    RETURN_IF_ERROR(ForEachItem(session, request, &v1::ListLawsResponse::laws,
                                limit_, [&](const v1::Law& law) {
                                  if (session->json()) {
                                    session->out().Json(law);
                                    return;
                                  }
                                  table.AddRow(
                                      {law.name(), TextOf(law.titles()),
                                       Words(law.type()), law.adopted()});
                                }));
    session->out().Print(table);
    return kExitOk;
  }

  absl::StatusOr<int> ShowExpressions(
      Session* session, const v1::ResolveLawCitationResponse::Match& found) {
    v1::ChooseExpressionRequest choose;
    choose.set_law(found.law());
    choose.set_as_of(on_);
    if (!language_.empty()) choose.add_languages(language_);
    v1::ChooseExpressionResponse chosen;
    const absl::Status status = session->client().Call(choose, &chosen);
    if (absl::IsNotFound(status)) {
      if (!session->json()) {
        session->out().Blank();
        session->out().Line("No text of it is on record.", Style::kWarning);
      }
      return kExitOk;
    }
    RETURN_IF_ERROR(status);
    if (session->json()) {
      session->out().Json(chosen);
    } else {
      Printer& out = session->out();
      out.Blank();
      out.Line("Text", Style::kHeading);
      out.Line(ExpressionLine(chosen.expression()), Style::kPlain, 2, 2);
      for (const std::string& remark : chosen.remarks()) {
        out.Line(remark, Style::kWarning, 2, 2);
      }
      for (const std::string& other : chosen.others()) {
        out.Line(absl::StrCat("also  ", other), Style::kLabel, 2, 6);
      }
      out.Blank();
    }
    return ShowProvisions(session, chosen.expression().name());
  }

  absl::StatusOr<int> ShowProvisions(Session* session,
                                     const std::string& expression) {
    v1::ListProvisionsRequest request;
    request.set_parent(expression);
    if (!text_) request.set_view(v1::PROVISION_VIEW_CONTENTS);
    if (!text_ && !session->json()) {
      session->out().Line("Contents", Style::kHeading);
    }
    RETURN_IF_ERROR(ForEachItem(session, request,
                                &v1::ListProvisionsResponse::provisions, 0,
                                [&](const v1::Provision& provision) {
                                  if (session->json()) {
                                    session->out().Json(provision);
                                  } else if (text_) {
                                    PrintText(session, provision);
                                  } else {
                                    PrintHead(session, provision);
                                  }
                                }));
    return kExitOk;
  }

  static void PrintHead(Session* session, const v1::Provision& provision) {
    const std::string head = HeadOf(provision);
    session->out().Line(
        absl::StrCat(head.empty() ? Words(provision.kind()) : head, "  "),
        provision.parent().empty() ? Style::kPlain : Style::kLabel,
        provision.parent().empty() ? 2 : 4, 4);
  }

  static void PrintText(Session* session, const v1::Provision& provision) {
    const std::string head = HeadOf(provision);
    if (!head.empty()) session->out().Line(head, Style::kHeading);
    if (!provision.text().empty()) {
      session->out().Line(provision.text(), Style::kPlain, 2);
    }
    session->out().Blank();
  }

  std::vector<std::string> law_;
  std::string state_;
  std::string language_;
  std::string on_;
  bool text_ = false;
  int64_t limit_ = 0;
};

class ProvisionCommand : public Command {
 public:
  explicit ProvisionCommand(Arguments* arguments) {
    arguments->OptionalWords("provision", &provision_, 40, "PROVISION",
                             "Name as search prints it, or citation: Kenya, "
                             "Anti-Money Laundering Act, s. 3");
  }

  absl::StatusOr<int> Run(Session* session) override {
    if (provision_.empty()) {
      return absl::InvalidArgumentError(
          "provision needs a name or a citation; see `comity provision "
          "--help`");
    }
    v1::GetProvisionRequest request;
    request.set_name(absl::StrJoin(provision_, " "));
    if (!absl::StrContains(request.name(), "/provisions/")) {
      ASSIGN_OR_RETURN(const auto found, FindLaw(session, provision_));
      if (found.provision().empty()) {
        return absl::NotFoundError(
            absl::StrCat(found.law(), " has no provision of that number"));
      }
      request.set_name(found.provision());
    }
    v1::GetProvisionResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
    } else {
      Show(session, response);
    }
    return kExitOk;
  }

 private:
  static void Show(Session* session, const v1::GetProvisionResponse& response) {
    Printer& out = session->out();
    const v1::Provision& provision = response.provision();
    for (const v1::Provision& ancestor : response.ancestors()) {
      out.Line(HeadOf(ancestor), Style::kLabel);
    }
    const std::string head = HeadOf(provision);
    out.Line(head.empty() ? Words(provision.kind()) : head, Style::kHeading);
    if (provision.status() == v1::LAW_STATUS_REPEALED) {
      out.Line("Repealed.", Style::kWarning, 2);
    }
    out.Line(provision.text(), Style::kPlain, 2);
    FieldList fields;
    fields.Add("Name", provision.name());
    for (const v1::Mapping& mapping : response.mappings()) {
      fields.Add(
          "Carries out",
          absl::StrCat("article ", mapping.article(), " of ",
                       session->TreatyTitle(mapping.treaty()),
                       mapping.degree() == v1::Mapping::DEGREE_UNSPECIFIED
                           ? ""
                           : absl::StrCat(", ", Words(mapping.degree())),
                       mapping.stated_by().empty()
                           ? ""
                           : absl::StrCat("; says ", mapping.stated_by())));
    }
    fields.Add("Before", response.previous());
    fields.Add("Behind", response.next());
    out.Blank();
    out.Print(fields);
  }

  std::vector<std::string> provision_;
};

// Differences of texts ------------------------------------------------------

// One piece of two texts: words that only one of them has, or both.
struct Piece {
  enum class In { kBoth, kFrom, kTo } in;
  std::vector<std::string> words;
};

// The words of both texts in one row, by their longest common subsequence.
std::vector<Piece> CompareWords(const std::vector<std::string>& from,
                                const std::vector<std::string>& to) {
  const size_t rows = from.size() + 1;
  const size_t columns = to.size() + 1;
  std::vector<uint16_t> longest(rows * columns, 0);
  for (size_t i = from.size(); i-- > 0;) {
    for (size_t j = to.size(); j-- > 0;) {
      longest[i * columns + j] =
          from[i] == to[j]
              ? static_cast<uint16_t>(longest[(i + 1) * columns + j + 1] + 1)
              : std::max(longest[(i + 1) * columns + j],
                         longest[i * columns + j + 1]);
    }
  }
  std::vector<Piece> pieces;
  const auto add = [&](Piece::In in, const std::string& word) {
    if (pieces.empty() || pieces.back().in != in) pieces.push_back({in, {}});
    pieces.back().words.push_back(word);
  };
  size_t i = 0;
  size_t j = 0;
  while (i < from.size() || j < to.size()) {
    if (i < from.size() && j < to.size() && from[i] == to[j]) {
      add(Piece::In::kBoth, from[i]);
      ++i;
      ++j;
    } else if (j == to.size() ||
               (i < from.size() && longest[(i + 1) * columns + j] >=
                                       longest[i * columns + j + 1])) {
      add(Piece::In::kFrom, from[i++]);
    } else {
      add(Piece::In::kTo, to[j++]);
    }
  }
  return pieces;
}

// What both have, with the middle of a long piece left out.
std::string Shortened(const std::vector<std::string>& words) {
  if (words.size() <= 2 * kWordsOfContext + 1) {
    return absl::StrJoin(words, " ");
  }
  const auto head = words.begin() + kWordsOfContext;
  const auto tail = words.end() - kWordsOfContext;
  return absl::StrCat(absl::StrJoin(words.begin(), head, " "), " … ",
                      absl::StrJoin(tail, words.end(), " "));
}

std::vector<std::string> WordsOf(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \n\t"), absl::SkipEmpty());
}

class DiffCommand : public Command {
 public:
  explicit DiffCommand(Arguments* arguments) {
    arguments->Text("from", &from_, kExpressionType,
                    "Name of an expression, as `comity law` prints it",
                    Need::kRequired);
    arguments->Text("to", &to_, kExpressionType, "Name of another",
                    Need::kRequired);
    arguments->Flag("--all", &all_, "Show provisions that are the same, too");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::CompareExpressionsRequest request;
    request.set_from(from_);
    request.set_to(to_);
    request.set_changes_only(!all_);
    v1::CompareExpressionsResponse response;
    do {
      request.set_page_token(response.next_page_token());
      RETURN_IF_ERROR(session->client().Call(request, &response));
      for (const v1::ProvisionComparison& each : response.comparisons()) {
        if (session->json()) {
          session->out().Json(each);
        } else {
          Show(session, each);
        }
      }
    } while (!response.next_page_token().empty());
    if (!session->json()) {
      session->out().Line(
          absl::StrCat(response.changed(), " changed, ", response.added(),
                       " added, ", response.removed(), " removed, ",
                       response.same(), " the same."),
          Style::kHeading);
    }
    return kExitOk;
  }

 private:
  static void Show(Session* session, const v1::ProvisionComparison& each) {
    Printer& out = session->out();
    const v1::Provision& shown = each.has_to() ? each.to() : each.from();
    const std::string head = HeadOf(shown);
    const std::string title = head.empty() ? Words(shown.kind()) : head;
    switch (each.outcome()) {
      case v1::ProvisionComparison::OUTCOME_ADDED:
        out.Line(absl::StrCat("added    ", title), Style::kGood, 0, 9);
        out.Line(shown.text(), Style::kGood, 2);
        break;
      case v1::ProvisionComparison::OUTCOME_REMOVED:
        out.Line(absl::StrCat("removed  ", title), Style::kBad, 0, 9);
        out.Line(shown.text(), Style::kBad, 2);
        break;
      case v1::ProvisionComparison::OUTCOME_CHANGED:
        out.Line(absl::StrCat("changed  ", title), Style::kWarning, 0, 9);
        ShowChanged(&out, each);
        break;
      default:
        out.Line(absl::StrCat("same     ", title), Style::kLabel, 0, 9);
        return;
    }
    out.Blank();
  }

  static void ShowChanged(Printer* out, const v1::ProvisionComparison& each) {
    const std::string before = HeadOf(each.from());
    const std::string after = HeadOf(each.to());
    if (before != after) {
      out->Line(absl::StrCat("- ", before), Style::kBad, 2, 2);
      out->Line(absl::StrCat("+ ", after), Style::kGood, 2, 2);
    }
    if (each.from().text() == each.to().text()) return;
    const std::vector<std::string> from = WordsOf(each.from().text());
    const std::vector<std::string> to = WordsOf(each.to().text());
    if (from.size() > kWordsCompared || to.size() > kWordsCompared) {
      out->Line(absl::StrCat("- ", each.from().text()), Style::kBad, 2, 2);
      out->Line(absl::StrCat("+ ", each.to().text()), Style::kGood, 2, 2);
      return;
    }
    for (const Piece& piece : CompareWords(from, to)) {
      switch (piece.in) {
        case Piece::In::kBoth:
          out->Line(Shortened(piece.words), Style::kPlain, 4);
          break;
        case Piece::In::kFrom:
          out->Line(absl::StrCat("- ", absl::StrJoin(piece.words, " ")),
                    Style::kBad, 2, 2);
          break;
        case Piece::In::kTo:
          out->Line(absl::StrCat("+ ", absl::StrJoin(piece.words, " ")),
                    Style::kGood, 2, 2);
          break;
      }
    }
  }

  std::string from_;
  std::string to_;
  bool all_ = false;
};

class CoverageCommand : public Command {
 public:
  explicit CoverageCommand(Arguments* arguments) {
    arguments->Text("treaty", &treaty_, kTreatyType,
                    "Slug, abbreviation or title", Need::kRequired);
    arguments->Text("--state", &state_, kStateType, "Only of this State");
  }

  absl::StatusOr<int> Run(Session* session) override {
    v1::GetCoverageRequest request;
    ASSIGN_OR_RETURN(*request.mutable_treaty(), session->TreatyName(treaty_));
    if (!state_.empty()) {
      ASSIGN_OR_RETURN(*request.mutable_state(), session->StateName(state_));
    }
    v1::GetCoverageResponse response;
    RETURN_IF_ERROR(session->client().Call(request, &response));
    if (session->json()) {
      session->out().Json(response);
      return kExitOk;
    }
    Table table({"STATE", "ARTICLE", "FULL", "PARTIAL", "RELATED", "LAWS"});
    for (const auto& row : response.rows()) {
      for (const auto& cell : row.cells()) {
        std::vector<std::string> laws;
        for (const std::string& law : cell.laws()) {
          laws.emplace_back(names::LastOf(law));
        }
        table.AddRow({session->StateTitle(row.state()), cell.article(),
                      NumberOf(cell.full()), NumberOf(cell.partial()),
                      NumberOf(cell.related() + cell.unstated()),
                      absl::StrJoin(laws, ", ")});
      }
    }
    session->out().Print(table);
    session->out().Line(absl::StrCat(
        Count(response.mappings_on_record(), "mapping", "mappings"), " of ",
        Count(response.laws_on_record(), "law", "laws"),
        " on record. What is not here is not on record, which does not say "
        "that there is no such law."));
    return response.rows().empty() ? kExitNothingFound : kExitOk;
  }

 private:
  static std::string NumberOf(int count) {
    return count == 0 ? "" : absl::StrCat(count);
  }

  std::string treaty_;
  std::string state_;
};

}  // namespace

void AddLibraryCommands(Registry* registry) {
  registry->Add<LawCommand>(
      registry->root, "law", "Show a law with its texts, or list laws",
      "Examples:\n"
      "  comity law Kenya, Proceeds of Crime and Anti-Money Laundering Act\n"
      "  comity law states/KEN/laws/proceeds-of-crime --language en --text\n"
      "  comity law --state KEN");
  registry->Add<ProvisionCommand>(
      registry->root, "provision",
      "Show one provision, what it carries out, and its place",
      "Example:\n"
      "  comity provision Germany, Strafgesetzbuch, § 129a");
  registry->Add<DiffCommand>(
      registry->root, "diff", "Compare two texts provision by provision",
      "Example:\n"
      "  comity diff states/CHE/laws/constitution/expressions/de@1999-04-18 "
      "states/CHE/laws/constitution/expressions/de@2022-02-13");
  registry->Add<CoverageCommand>(
      registry->root, "coverage",
      "Show which articles of a treaty which laws carry out",
      "Examples:\n"
      "  comity coverage untoc\n"
      "  comity coverage untoc --state KEN");
}

}  // namespace comity::cli
