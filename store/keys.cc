#include "store/keys.h"

#include <initializer_list>

namespace comity::keys {
namespace {

void Append(std::string* key, absl::string_view component) {
  key->append(component.data(), component.size());
  key->push_back('\0');
}

std::string Join(absl::string_view tags,
                 std::initializer_list<absl::string_view> components) {
  std::string key(tags);
  size_t size = key.size();
  for (const absl::string_view component : components) {
    size += component.size() + 1;
  }
  // Room for a sequence behind it.
  key.reserve(size + sizeof(uint64_t));
  for (const absl::string_view component : components) Append(&key, component);
  return key;
}

std::string OfName(char tag, const names::Parts& name) {
  const char tags[] = {tag, static_cast<char>(name.kind)};
  return Join(absl::string_view(tags, 2), {name.first, name.second});
}

std::string OfKind(char tag, Kind kind) {
  return std::string{tag, static_cast<char>(kind)};
}

}  // namespace

std::string Format() { return "F"; }

std::string Published(uint64_t sequence) { return "P" + Bytes(sequence); }

std::string Newest(const names::Parts& name) { return OfName('N', name); }

std::string NewestOf(Kind kind) { return OfKind('N', kind); }

std::string NewestUnder(Kind kind, absl::string_view under) {
  const size_t slash = under.find('/');
  if (slash == absl::string_view::npos) return Join(OfKind('N', kind), {under});
  std::string key = Join(OfKind('N', kind), {under.substr(0, slash)});
  key.append(under.data() + slash + 1, under.size() - slash - 1);
  key.push_back('/');
  return key;
}

std::string NewestBeginning(Kind kind, absl::string_view first,
                            absl::string_view id) {
  std::string key = NewestUnder(kind, first);
  key.append(id.data(), id.size());
  return key;
}

std::string Version(const names::Parts& name, uint64_t sequence) {
  return OfName('V', name) + Bytes(sequence);
}

std::string VersionsOf(const names::Parts& name) { return OfName('V', name); }

std::string VersionsOfKind(Kind kind) { return OfKind('V', kind); }

std::string Provision(const names::Parts& expression, uint64_t sequence,
                      uint64_t position) {
  return ProvisionsOf(expression, sequence) + Bytes(position);
}

std::string ProvisionsOf(const names::Parts& expression, uint64_t sequence) {
  return OfName('B', expression) + Bytes(sequence);
}

std::string Change(uint64_t sequence) { return "C" + Bytes(sequence); }

std::string ImportJob(uint64_t number) { return "J" + Bytes(number); }

std::string Request(absl::string_view id) { return Join("Q", {id}); }

std::string DesignationByAuthority(absl::string_view state,
                                   absl::string_view authority,
                                   absl::string_view designation) {
  return Join("La", {state, authority, designation});
}

std::string DesignationByFunction(absl::string_view function,
                                  absl::string_view state,
                                  absl::string_view designation) {
  return Join("Lf", {function, state, designation});
}

std::string DesignationByTreaty(absl::string_view treaty,
                                absl::string_view article,
                                absl::string_view state,
                                absl::string_view designation) {
  return Join("Lt", {treaty, article, state, designation});
}

std::string MappingByTreaty(absl::string_view treaty, absl::string_view article,
                            absl::string_view state,
                            absl::string_view mapping) {
  return Join("Lm", {treaty, article, state, mapping});
}

std::string ParticipationByState(absl::string_view state,
                                 absl::string_view treaty) {
  return Join("Lp", {state, treaty});
}

std::string RecordBySource(absl::string_view system, absl::string_view id,
                           Kind kind) {
  const char letter = static_cast<char>(kind);
  return Join("Li", {system, id, absl::string_view(&letter, 1)});
}

std::string AuthorityByName(absl::string_view state, absl::string_view name,
                            absl::string_view unit) {
  return Join("Ln", {state, name, unit});
}

std::string DesignationsOfAuthority(absl::string_view state,
                                    absl::string_view authority) {
  return Join("La", {state, authority});
}

std::string DesignationsForFunction(absl::string_view function) {
  return Join("Lf", {function});
}

std::string DesignationsForFunctionIn(absl::string_view function,
                                      absl::string_view state) {
  return Join("Lf", {function, state});
}

std::string DesignationsUnderTreaty(absl::string_view treaty) {
  return Join("Lt", {treaty});
}

std::string MappingsToTreaty(absl::string_view treaty) {
  return Join("Lm", {treaty});
}

std::string MappingsToArticle(absl::string_view treaty,
                              absl::string_view article) {
  return Join("Lm", {treaty, article});
}

std::string ParticipationsOfState(absl::string_view state) {
  return Join("Lp", {state});
}

std::string RecordsOfSystem(absl::string_view system) {
  return Join("Li", {system});
}

std::string Bytes(uint64_t number) {
  std::string bytes(sizeof(number), '\0');
  for (size_t i = 0; i < sizeof(number); ++i) {
    bytes[i] = static_cast<char>((number >> (56 - 8 * i)) & 0xFFU);
  }
  return bytes;
}

uint64_t Number(absl::string_view bytes) {
  if (bytes.size() != sizeof(uint64_t)) return 0;
  uint64_t number = 0;
  for (const char byte : bytes) {
    number = (number << 8U) | static_cast<unsigned char>(byte);
  }
  return number;
}

std::string After(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) {
    prefix.pop_back();
  }
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

std::vector<absl::string_view> Components(absl::string_view key, size_t skip) {
  std::vector<absl::string_view> components;
  key.remove_prefix(skip < key.size() ? skip : key.size());
  for (size_t end = key.find('\0'); end != absl::string_view::npos;
       end = key.find('\0')) {
    components.push_back(key.substr(0, end));
    key.remove_prefix(end + 1);
  }
  return components;
}

std::string NameOf(absl::string_view key) {
  if (key.size() < 2 || (key[0] != 'N' && key[0] != 'V' && key[0] != 'B')) {
    return "";
  }
  // A sequence behind the name may hold NULs: only two components count.
  const std::vector<absl::string_view> components = Components(key, 2);
  if (components.size() < 2) return "";
  return NameOf(static_cast<Kind>(key[1]), components[0], components[1]);
}

uint64_t SequenceOf(absl::string_view key) {
  if (key.size() < sizeof(uint64_t)) return 0;
  return Number(key.substr(key.size() - sizeof(uint64_t)));
}

std::string NameOf(Kind kind, absl::string_view first,
                   absl::string_view second) {
  switch (kind) {
    case Kind::kState:
      return names::State(first);
    case Kind::kTreaty:
      return names::Treaty(first);
    case Kind::kFunction:
      return names::Function(first);
    case Kind::kParticipation:
      return names::Participation(first, second);
    case Kind::kAuthority:
      return names::Authority(first, second);
    case Kind::kDesignation:
      return names::Designation(first, second);
    case Kind::kImportJob:
      return names::ImportJob(first);
    case Kind::kLaw:
      return names::Law(first, second);
    case Kind::kExpression:
    case Kind::kMapping:
      // `second` has all behind `laws/`.
      return names::Law(first, second);
    case Kind::kConcept:
      return names::Concept(first);
  }
  return "";
}

}  // namespace comity::keys
