// What is installed beside the program.

#ifndef COMITY_SERVICES_INSTALLED_H_
#define COMITY_SERVICES_INSTALLED_H_

#include <string>
#include <vector>

namespace comity {

// The first that exists of these paths, each from the folder of the program
// that runs; empty: none does.
std::string FindInstalled(const std::vector<std::string>& paths);

}  // namespace comity

#endif  // COMITY_SERVICES_INSTALLED_H_
