// Which article of which treaty a citation means.

#ifndef COMITY_RULES_CITATIONS_H_
#define COMITY_RULES_CITATIONS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "comity/v1/function.pb.h"
#include "comity/v1/treaty.pb.h"
#include "comity/v1/treaty_service.pb.h"

namespace comity::rules {

// `18, par. 13` → `18(13)`; `art. 24.7.a` → `24(7)(a)`; words for article and
// paragraph in the six UN languages and some others. nullopt for what is not
// the citation of one article: lists and ranges too. Any bytes are legal.
std::optional<std::string> CanonicalArticle(absl::string_view text);

// Immutable, thread-safe.
class CitationResolver {
 public:
  // `functions` give the `functions` of the answers.
  explicit CitationResolver(const std::vector<v1::Treaty>& treaties,
                            const std::vector<v1::Function>& functions = {});
  ~CitationResolver();
  CitationResolver(CitationResolver&&) noexcept;
  CitationResolver& operator=(CitationResolver&&) noexcept;

  // A treaty's name, slug, title, alias or depositary number, with or without
  // an article before or after it: `art. 13, para. 2, Firearms Protocol`.
  // InvalidArgument if it is empty, too long or no text; NotFound if no treaty
  // is meant, or what stands beside it is not one article.
  absl::StatusOr<v1::ResolveCitationResponse> Resolve(
      absl::string_view citation) const;

  // The name `treaties/{treaty}` meant by a name, slug, title, alias or number
  // alone. InvalidArgument and NotFound name `field`.
  absl::StatusOr<std::string> ResolveTreaty(absl::string_view query,
                                            absl::string_view field) const;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

}  // namespace comity::rules

#endif  // COMITY_RULES_CITATIONS_H_
