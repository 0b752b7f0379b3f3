// Canned answers, shaped like those of the real data.

#ifndef COMITY_TESTS_CLI_ANSWERS_H_
#define COMITY_TESTS_CLI_ANSWERS_H_

#include "tests/cli/fake_server.h"

namespace comity::cli {

// Gives every method that reads an answer: France, Lithuania and China, UNTOC,
// mutual legal assistance, two Lithuanian offices and a Chinese one. Routes are
// what the bundled data give (tests/cli/answers/): two in 2015, none in 2003;
// urgent ones are made up.
void AnswerEverything(FakeServer* server);

}  // namespace comity::cli

#endif  // COMITY_TESTS_CLI_ANSWERS_H_
