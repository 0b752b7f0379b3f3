#include "import/result_queue.h"

#include <memory>
#include <utility>

namespace comity {

void ResultQueue::Add(v1::ImportResult result) {
  if (waiting_.empty()) return tell_(std::move(result));
  auto waiting = std::make_unique<Waiting>();
  waiting->bytes = sizeof(Waiting) + result.ByteSizeLong();
  waiting->result = std::move(result);
  bytes_ += waiting->bytes;
  waiting_.emplace_hint(waiting_.end(), next_++, std::move(waiting));
}

uint64_t ResultQueue::Keep() {
  auto waiting = std::make_unique<Waiting>();
  waiting->open = true;
  waiting->bytes = sizeof(Waiting);
  bytes_ += waiting->bytes;
  waiting_.emplace_hint(waiting_.end(), next_, std::move(waiting));
  return next_++;
}

void ResultQueue::Fill(uint64_t place, v1::ImportResult result) {
  Waiting& waiting = *waiting_.at(place);
  waiting.open = false;
  waiting.result = std::move(result);
  const size_t more = waiting.result.ByteSizeLong();
  waiting.bytes += more;
  bytes_ += more;
  TellFirst();
}

void ResultQueue::Drop(uint64_t place) {
  const auto at = waiting_.find(place);
  bytes_ -= at->second->bytes;
  waiting_.erase(at);
  TellFirst();
}

void ResultQueue::TellFirst() {
  while (!waiting_.empty() && !waiting_.begin()->second->open) {
    const auto first = waiting_.begin();
    const std::unique_ptr<Waiting> waiting = std::move(first->second);
    waiting_.erase(first);
    bytes_ -= waiting->bytes;
    tell_(std::move(waiting->result));
  }
}

void ResultQueue::Overtake() {
  absl::btree_map<uint64_t, std::unique_ptr<Waiting>> open;
  for (auto& [place, waiting] : waiting_) {
    if (waiting->open) {
      open.emplace_hint(open.end(), place, std::move(waiting));
    } else {
      bytes_ -= waiting->bytes;
      tell_(std::move(waiting->result));
    }
  }
  waiting_ = std::move(open);
}

}  // namespace comity
