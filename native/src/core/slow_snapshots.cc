#include "slow_snapshots.h"

#include <utility>

namespace kmsg {

void SlowSnapshots::Start(size_t max_bytes) {
  while (readers_.size() < kSlowFileReaders) {
    std::unique_ptr<SlowFileReader> reader = SlowFileReader::Start(max_bytes, control_);
    if (reader == nullptr) return;
    readers_.push_back(std::move(reader));
  }
}

SlowFileReader* SlowSnapshots::IdleReader() const {
  for (const std::unique_ptr<SlowFileReader>& reader : readers_) {
    if (reader->idle()) return reader.get();
  }
  return nullptr;
}

void SlowSnapshots::Hold(uint64_t position, const Row& row, SlowFileReader* reader) {
  held_.push_back({position, row, reader});
}

bool SlowSnapshots::PublishWhole() {
  const size_t before = held_.size();
  while (!held_.empty() && held_.front().reader->ended()) {
    Held& first = held_.front();
    ring_->Extend(first.position, &first.row, first.reader->Take());
    held_.erase(held_.begin());
  }
  if (held_.size() == before) return false;
  if (held_.empty()) {
    ring_->PublishAll();
  } else {
    ring_->Publish(held_.front().position);
  }
  return true;
}

}  // namespace kmsg
