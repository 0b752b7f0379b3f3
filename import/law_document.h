// The common form of a law document, whatever format it was written in.

#ifndef COMITY_IMPORT_LAW_DOCUMENT_H_
#define COMITY_IMPORT_LAW_DOCUMENT_H_

#include <string>
#include <vector>

#include "comity/v1/law.pb.h"

namespace comity {

// What a reader did not understand, left out or had to guess.
struct LawNotice {
  // In words: `line 12`, `page 3`, `element body/hcontainer`; empty: the whole.
  std::string place;
  std::string text;
};

// One expression of one law, as far as its file states it.
//
// Names are not filled: `Law.name` and `Expression.name` are empty, and
// `Provision.name` is the bare id. `Provision.parent` is the id of a grouping
// that stands before it in the list. Positions count from 1.
struct LawDocument {
  v1::Law law;
  v1::Expression expression;
  std::vector<v1::Provision> provisions;
  std::vector<LawNotice> notices;
  // ISO 3166-1 alpha-3, if the file states the State; else empty.
  std::string state;
  // Id of the law in the collection that the file comes from; else empty.
  std::string source_id;
  // IANA name of the encoding that the bytes were read in; empty where the
  // format has its own.
  std::string encoding;
  // False if all the text is in provisions of kind TEXT, PREAMBLE or CLOSING.
  bool structure_found = false;
};

}  // namespace comity

#endif  // COMITY_IMPORT_LAW_DOCUMENT_H_
