/*
 * The hot path without the kernel and without Node: the drain thread of native/src/core reads
 * records from memory.
 *
 *     hot_path device|drain PASSES CAPTURE <RULES
 *
 * `device` only fetches the records, which is what `drain` does besides its work. CAPTURE: records
 * as read(2) gives them, one after another. RULES: a line for each keep rule: `start|anywhere
 * kernel|any BYTES`. Prints one JSON object. Compiled with native/src/core of any tree, so that two
 * trees can be compared.
 */
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/drain.h"

namespace {

struct Counts {
  unsigned long long reads = 0;
  unsigned long long records = 0;
  unsigned long long nanoseconds = 0;
};

unsigned long long ThreadNs() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<unsigned long long>(now.tv_sec) * 1000000000 +
         static_cast<unsigned long long>(now.tv_nsec);
}

/** A record begins at a line that does not begin with a space. */
std::vector<std::string> Records(const std::string& capture) {
  std::vector<std::string> records;
  for (size_t begin = 0; begin < capture.size();) {
    size_t end = capture.find('\n', begin);
    while (end != std::string::npos && end + 1 < capture.size() && capture[end + 1] == ' ') {
      end = capture.find('\n', end + 1);
    }
    end = end == std::string::npos ? capture.size() : end + 1;
    records.push_back(capture.substr(begin, end - begin));
    begin = end;
  }
  return records;
}

/** Gives every record `passes` times, then is dry for ever. */
class MemoryDevice : public kmsg::Device {
 public:
  MemoryDevice(const std::vector<std::string>& records, unsigned passes, Counts* counts,
               std::atomic<bool>* dry)
      : records_(records), passes_(passes), counts_(counts), dry_(dry) {}

  // It has none, and standard error stays open anyway. Not override: a tree whose device need not
  // give one compiles, too.
  int fd() const { return STDERR_FILENO; }

  // Both, so that a tree compiles whether its device gives one record at a time or a chunk: one of
  // them overrides.
  ssize_t Read(char* buffer, size_t) {
    if (counts_->reads++ == 0) started_ns_ = ThreadNs();
    if (next_ == records_.size()) {
      next_ = 0;
      passes_--;
    }
    if (passes_ == 0) {
      counts_->nanoseconds = ThreadNs() - started_ns_;
      return -EAGAIN;
    }
    const std::string& record = records_[next_++];
    memcpy(buffer, record.data(), record.size());
    counts_->records++;
    return static_cast<ssize_t>(record.size());
  }

// An older base has it under another name, or not at all.
#if __has_include("core/read_chunk.h") || __has_include("core/chunk.h")
  ssize_t Read(size_t most, kmsg::Chunk* chunk) override {
    return chunk->Fill(most, [this](char* buffer, size_t size) { return Read(buffer, size); });
  }
#endif

  Readiness Wait(int control_fd, uint64_t) override {
    dry_->store(true);
    pollfd control = {control_fd, POLLIN, 0};
    poll(&control, 1, -1);
    Readiness readiness;
    readiness.control = true;
    return readiness;
  }

 private:
  const std::vector<std::string>& records_;
  unsigned passes_;
  size_t next_ = 0;
  Counts* counts_;
  std::atomic<bool>* dry_;
  unsigned long long started_ns_ = 0;
};

kmsg::KeepFilter ReadRules() {
  std::vector<kmsg::KeepFilter::Rule> rules;
  for (std::string line; std::getline(std::cin, line);) {
    const size_t place = line.find(' ');
    const size_t facility = line.find(' ', place + 1);
    rules.push_back({line.substr(facility + 1),
                     line.compare(0, place, "start") == 0 ? kmsg::KeepFilter::Rule::At::kStart
                                                          : kmsg::KeepFilter::Rule::At::kAnywhere,
                     line.compare(place + 1, facility - place - 1, "kernel") == 0});
  }
  return kmsg::KeepFilter(std::move(rules), true);
}

/** A batch as JavaScript's, see allocateBatch of packages/kmsg. */
class BatchMemory {
 public:
  BatchMemory() {
    batch.arena = arena_.data();
    batch.arena_bytes = arena_.size();
    batch.rows = kRows;
    batch.kind = bytes_[0];
    batch.flag = bytes_[1];
    batch.fresh = bytes_[2];
    batch.priority = priority_;
    batch.seq = seq_;
    batch.timestamp_us = numbers_[0];
    batch.read_monotonic_us = numbers_[1];
    batch.read_realtime_us = numbers_[2];
    batch.lost = numbers_[3];
    batch.record_offset = places_[0];
    batch.record_length = places_[1];
    batch.text_offset = places_[2];
    batch.text_length = places_[3];
    batch.snapshot_offset = places_[4];
    batch.snapshot_length = places_[5];
  }

  kmsg::Batch batch;

 private:
  static constexpr size_t kRows = 1024;
  std::vector<char> arena_ = std::vector<char>(256 * 1024);
  uint8_t bytes_[3][kRows];
  uint16_t priority_[kRows];
  uint64_t seq_[kRows];
  double numbers_[4][kRows];
  uint32_t places_[6][kRows];
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const bool drains = strcmp(argv[1], "drain") == 0;
  std::ifstream file(argv[3], std::ios::binary);
  const std::string capture((std::istreambuf_iterator<char>(file)), {});
  const std::vector<std::string> records = Records(capture);
  if (records.empty()) return 2;

  Counts counts;
  std::atomic<bool> dry{false};
  auto device =
      std::make_unique<MemoryDevice>(records, static_cast<unsigned>(atoi(argv[2])), &counts, &dry);
  unsigned long long kept = 0;
  if (drains) {
    kmsg::IoError error;
    std::atomic<bool> woken{false};
    const auto drain = kmsg::Drain::Start(
        std::move(device), {8 * 1024 * 1024, ReadRules(), kmsg::Snapshots({})},
        [&woken] { woken.store(true); }, &error);
    if (drain == nullptr) return 1;
    BatchMemory memory;
    while (!dry.load()) {
      if (woken.exchange(false)) {
        drain->WakeDelivered();
        while (drain->Fill(memory.batch).rows > 0) continue;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    drain->Stop();
    // The last wake may not have come.
    while (drain->Fill(memory.batch).rows > 0) continue;
    kept = drain->stats().kept;
  } else {
    char record[kmsg::kReadBytes];
    while (device->Read(record, sizeof record) > 0) continue;
  }
  printf("{\"records\":%llu,\"kept\":%llu,\"reads\":%llu,\"nanoseconds\":%llu}\n", counts.records,
         kept, counts.reads, counts.nanoseconds);
  return 0;
}
