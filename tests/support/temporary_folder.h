// A folder that is removed with everything in it when the test ends.

#ifndef COMITY_TESTS_SUPPORT_TEMPORARY_FOLDER_H_
#define COMITY_TESTS_SUPPORT_TEMPORARY_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>

namespace comity {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "comity-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  // Without a slash at its end.
  const std::string& path() const { return path_; }
  // The path of something in it.
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace comity

#endif  // COMITY_TESTS_SUPPORT_TEMPORARY_FOLDER_H_
