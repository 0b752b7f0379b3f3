// What `comityd` is told on its command line.

#ifndef COMITY_SERVICES_OPTIONS_H_
#define COMITY_SERVICES_OPTIONS_H_

#include <string>

#include "comity/v1/admin_service.pb.h"
#include "services/evaluate.h"
#include "services/log.h"
#include "services/server.h"

namespace comity {

struct Options {
  enum class Command { kServe, kDump, kVerify, kStats, kEvaluate };
  Command command = Command::kServe;
  std::string data_folder;
  ServerOptions server;
  // Folder of *.jsonl to load into an empty store; empty: none.
  std::string load_folder;
  LogLevel log_level = LogLevel::kWarning;
  // Of `inspect dump`.
  v1::DumpRequest dump;
  EvaluateOptions evaluate;
};

// Exit codes.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// Reads the command line. False: help, version or an error was printed, and
// `*exit_code` is what the program ends with.
bool ParseCommandLine(int argc, const char* const* argv, Options* options,
                      int* exit_code);

}  // namespace comity

#endif  // COMITY_SERVICES_OPTIONS_H_
