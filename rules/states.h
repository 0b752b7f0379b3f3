// Which State a name or code means.

#ifndef COMITY_RULES_STATES_H_
#define COMITY_RULES_STATES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/directory_service.pb.h"
#include "comity/v1/state.pb.h"

namespace comity::rules {

// Codes (alpha-3, alpha-2, M49, former ones) whatever their case; names in any
// language, formal, former or other, whatever their case, accents, articles and
// punctuation; beginnings of names; misspelt names. Immutable, thread-safe.
class StateResolver {
 public:
  explicit StateResolver(std::vector<v1::State> states);
  ~StateResolver();
  StateResolver(StateResolver&&) noexcept;
  StateResolver& operator=(StateResolver&&) noexcept;

  // At most `limit` candidates, best first. `state` is set if a code or a whole
  // name means one State and no other.
  v1::ResolveStateResponse Resolve(absl::string_view query, int limit) const;

  // The name `states/{state}` of the one State meant beyond doubt.
  // InvalidArgument, naming `field`, if `query` is empty, too long, no text,
  // malformed below `states/`, or means several States; NotFound, with a
  // suggestion where one is near, if it means none.
  absl::StatusOr<std::string> ResolveOne(absl::string_view query,
                                         absl::string_view field) const;

  // The record of `states/{state}`; null if there is none.
  const v1::State* Find(absl::string_view name) const;

  const std::vector<v1::State>& states() const;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

}  // namespace comity::rules

#endif  // COMITY_RULES_STATES_H_
