// What a command takes, without the header of the parser: CLI11 is large, and
// only arguments.cc, program.cc and completion.cc read it.

#ifndef COMITY_CLI_ARGUMENTS_H_
#define COMITY_CLI_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace comity::cli {

// What an option takes, as its help shows it. Shell completion reads the same
// names: those below are looked up, those with `|` are the choices.
inline constexpr char kStateType[] = "STATE";
inline constexpr char kFunctionType[] = "FUNCTION";
inline constexpr char kTreatyType[] = "TREATY";
inline constexpr char kTreatyAndStatesType[] = "TREATY STATE";
inline constexpr char kDayType[] = "DAY";
inline constexpr char kTimeType[] = "TIME";
inline constexpr char kFileType[] = "FILE";
inline constexpr char kNumberType[] = "N";
inline constexpr char kNameType[] = "NAME";

enum class Need { kOptional, kRequired };

// Binds options of one command to variables, which must outlive the parsing.
// `flags` are as in the help: `-o,--output`; without hyphens it is an argument
// by its place.
class Arguments {
 public:
  // `app` must outlive it.
  explicit Arguments(CLI::App* app) : app_(app) {}

  CLI::App* app() const { return app_; }

  void Flag(const std::string& flags, bool* value,
            const std::string& description);
  void Text(const std::string& flags, std::string* value,
            const std::string& type, const std::string& description,
            Need need = Need::kOptional);
  // Takes one value each time that it is given.
  void Repeated(const std::string& flags, std::vector<std::string>* values,
                const std::string& type, const std::string& description);
  // Up to `most` words by their place; `name` is how the usage shows them.
  void OptionalWords(const std::string& name, std::vector<std::string>* values,
                     int most, const std::string& type,
                     const std::string& description);
  void Number(const std::string& flags, int64_t* value, int64_t least,
              int64_t most, const std::string& description);
  void Choice(const std::string& flags, std::string* value,
              const std::vector<std::string>& choices,
              const std::string& description, Need need = Need::kOptional);
  void RepeatedChoice(const std::string& flags,
                      std::vector<std::string>* values,
                      const std::vector<std::string>& choices,
                      const std::string& description);

 private:
  CLI::App* const app_;
};

}  // namespace comity::cli

#endif  // COMITY_CLI_ARGUMENTS_H_
