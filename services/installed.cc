#include "services/installed.h"

#include <filesystem>
#include <system_error>

namespace comity {

std::string FindInstalled(const std::vector<std::string>& paths) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "";
  for (const std::string& each : paths) {
    const auto path = self.parent_path() / each;
    if (std::filesystem::exists(path, error)) {
      return std::filesystem::weakly_canonical(path, error).string();
    }
  }
  return "";
}

}  // namespace comity
