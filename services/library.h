// What LibraryService answers, beyond what all records have in common. Knows no
// gRPC. Responses must be empty.

#ifndef COMITY_SERVICES_LIBRARY_H_
#define COMITY_SERVICES_LIBRARY_H_

#include "absl/status/status.h"
#include "comity/v1/library_service.pb.h"
#include "services/core.h"

namespace comity {

absl::Status ListLaws(const Core& core, const Call& call,
                      const v1::ListLawsRequest& request,
                      v1::ListLawsResponse* response);
absl::Status ListExpressions(const Core& core, const Call& call,
                             const v1::ListExpressionsRequest& request,
                             v1::ListExpressionsResponse* response);
absl::Status ChooseExpression(const Core& core,
                              const v1::ChooseExpressionRequest& request,
                              v1::ChooseExpressionResponse* response);
absl::Status CompareExpressions(const Core& core,
                                const v1::CompareExpressionsRequest& request,
                                v1::CompareExpressionsResponse* response);
absl::Status GetProvision(const Core& core,
                          const v1::GetProvisionRequest& request,
                          v1::GetProvisionResponse* response);
absl::Status ListProvisions(const Core& core,
                            const v1::ListProvisionsRequest& request,
                            v1::ListProvisionsResponse* response);
absl::Status ListMappings(const Core& core, const Call& call,
                          const v1::ListMappingsRequest& request,
                          v1::ListMappingsResponse* response);
absl::Status GetCoverage(const Core& core, const Call& call,
                         const v1::GetCoverageRequest& request,
                         v1::GetCoverageResponse* response);
absl::Status ResolveLawCitation(const Core& core, const Call& call,
                                const v1::ResolveLawCitationRequest& request,
                                v1::ResolveLawCitationResponse* response);

}  // namespace comity

#endif  // COMITY_SERVICES_LIBRARY_H_
