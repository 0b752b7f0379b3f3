// The command `comity`, as a function of its arguments and surroundings.

#ifndef COMITY_CLI_PROGRAM_H_
#define COMITY_CLI_PROGRAM_H_

#include <string>
#include <vector>

#include "cli/environment.h"

namespace comity::cli {

// Runs the command; `arguments` without the program's name. Returns the exit
// code (cli/errors.h).
int Run(const std::vector<std::string>& arguments,
        const Environment& environment);

}  // namespace comity::cli

#endif  // COMITY_CLI_PROGRAM_H_
