// Which function a slug, name, alias or title means.

#ifndef COMITY_RULES_FUNCTIONS_H_
#define COMITY_RULES_FUNCTIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/function.pb.h"

namespace comity::rules {

// Immutable, thread-safe.
class FunctionResolver {
 public:
  explicit FunctionResolver(std::vector<v1::Function> functions);

  // The name `functions/{function}` meant by a name, slug, alias or title,
  // whatever its case, accents and punctuation. InvalidArgument, naming
  // `field`, if `query` is empty, too long, no text, or means several;
  // NotFound, with a suggestion where one is near, if it means none.
  absl::StatusOr<std::string> ResolveOne(absl::string_view query,
                                         absl::string_view field) const;

  // The record of `functions/{function}`; null if there is none.
  const v1::Function* Find(absl::string_view name) const;

  const std::vector<v1::Function>& functions() const { return functions_; }

 private:
  // Not-found, with the nearest words.
  absl::Status Unknown(absl::string_view query, absl::string_view folded) const;

  std::vector<v1::Function> functions_;
  absl::flat_hash_map<std::string, size_t> by_name_;
  // Folded words with all functions that they mean, each once.
  absl::flat_hash_map<std::string, std::vector<size_t>> by_words_;
};

}  // namespace comity::rules

#endif  // COMITY_RULES_FUNCTIONS_H_
