// The version of the program.

#ifndef COMITY_SERVICES_VERSION_H_
#define COMITY_SERVICES_VERSION_H_

namespace comity {

// Given by the build, from the project's CMakeLists.txt.
inline constexpr char kVersion[] = COMITY_VERSION;

}  // namespace comity

#endif  // COMITY_SERVICES_VERSION_H_
