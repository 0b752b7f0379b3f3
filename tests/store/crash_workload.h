// What is under way when the store crashes, and what must be there after it.

#ifndef COMITY_TESTS_STORE_CRASH_WORKLOAD_H_
#define COMITY_TESTS_STORE_CRASH_WORKLOAD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "store/store.h"

namespace comity::crash {

struct Workload {
  // Distinguishes the names of one run from those of the others.
  int run = 0;
  uint64_t seed = 0;
  int writers = 3;
  // Gets one line for everything that the ledger must know, from any thread.
  // False ends the workload.
  std::function<bool(const std::string& line)> note;
};

// Writes from several threads and imports from one, until something fails or
// `note` says so. A line about a write follows its acknowledgement.
void Run(Store* store, const Workload& workload);

// What was acknowledged, over all runs on one folder.
class Ledger {
 public:
  // False if the line is malformed.
  bool Add(const std::string& line);

  // What the store lacks or has half, and what Verify finds; empty: all is
  // well.
  std::vector<std::string> Check(const Store& store) const;

  size_t acknowledged() const { return writes_.size() + imports_done_; }

 private:
  struct Write {
    std::string name;
    uint64_t sequence = 0;
    // Empty: a deletion.
    std::string value;
  };
  struct Import {
    int records = 0;
    bool done = false;
    bool undo_begun = false;
    bool undone = false;
  };
  void CheckWrite(const Store& store, const Write& write,
                  std::vector<std::string>* problems) const;
  void CheckImport(const Store& store, const std::string& prefix,
                   const Import& import,
                   std::vector<std::string>* problems) const;

  std::vector<Write> writes_;
  // By the beginning of the ids of their records.
  std::map<std::string, Import> imports_;
  size_t imports_done_ = 0;
};

}  // namespace comity::crash

#endif  // COMITY_TESTS_STORE_CRASH_WORKLOAD_H_
