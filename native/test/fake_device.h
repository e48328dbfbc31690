#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "../src/core/device.h"
#include "../src/core/event_fd.h"
#include "check.h"

/** What the test and its device, which the drain owns, share. */
class Script {
 public:
  /** The next read gives these bytes. */
  void Record(const std::string& bytes) { Add({bytes, 0}); }
  /** The next read fails with this errno; 0: it returns 0. */
  void Error(int error_number) { Add({"", error_number}); }
  /** What reads give when nothing else is scripted; without it EAGAIN. Called on the drain thread.
   */
  void Otherwise(std::function<std::string()> next) {
    const std::lock_guard<std::mutex> lock(mutex_);
    otherwise_ = std::move(next);
  }
  /** The poll reports what was scripted; until then it waits, or times out at once when `hurry` is
   * set. */
  void Ready() { ready_.Raise(); }
  int ready_fd() const { return ready_.fd(); }

  /** The first record after the opening, from when on it is there to be seen. */
  std::atomic<uint64_t> first_new_seq{kmsg::kNoSeq};
  std::atomic<int> looks{0};
  std::atomic<bool> hurry{false};
  std::atomic<int> wait_error{0};
  std::atomic<int> reads{0};
  std::atomic<int> waits{0};
  std::atomic<uint64_t> wait_timeout_us{0};
  std::string thread_name;
  sigset_t thread_mask;
  int thread_files = 0;

  ssize_t Read(char* buffer, size_t size) {
    if (reads++ == 0) {
      char name[16];
      pthread_getname_np(pthread_self(), name, sizeof name);
      thread_name = name;
      pthread_sigmask(SIG_SETMASK, nullptr, &thread_mask);
      for (int fd = 0; fd < 1024; fd++) thread_files += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    }
    if (size < kmsg::kReadBytes) check::Fail(__FILE__, __LINE__, "a read of less than 8192 bytes");
    Step step;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!steps_.empty()) {
        step = steps_.front();
        steps_.pop_front();
      } else if (otherwise_) {
        step.bytes = otherwise_();
      } else {
        step.error_number = EAGAIN;
      }
    }
    std::memcpy(buffer, step.bytes.data(), step.bytes.size());
    return step.error_number > 0 ? -step.error_number : static_cast<ssize_t>(step.bytes.size());
  }

  kmsg::Device::Readiness Wait(int control_fd, uint64_t timeout_us) {
    waits++;
    wait_timeout_us = timeout_us;
    kmsg::Device::Readiness readiness;
    readiness.error_number = wait_error;
    if (readiness.error_number != 0) return readiness;
    pollfd fds[] = {{ready_.fd(), POLLIN, 0}, {control_fd, POLLIN, 0}};
    poll(fds, 2, hurry ? 0 : static_cast<int>((timeout_us + 999) / 1000));
    readiness.readable = fds[0].revents != 0;
    readiness.control = fds[1].revents != 0;
    if (readiness.readable) ready_.Lower();
    return readiness;
  }

 private:
  struct Step {
    std::string bytes;
    int error_number = 0;
  };

  void Add(Step step) {
    const std::lock_guard<std::mutex> lock(mutex_);
    steps_.push_back(std::move(step));
  }

  std::mutex mutex_;
  std::deque<Step> steps_;
  std::function<std::string()> otherwise_;
  kmsg::EventFd ready_;
};

class FakeDevice : public kmsg::Device {
 public:
  explicit FakeDevice(Script* script) : script_(script) {}
  int fd() const override { return script_->ready_fd(); }
  ssize_t Read(size_t most, kmsg::Chunk* chunk) override {
    return chunk->Fill(most,
                       [this](char* buffer, size_t size) { return script_->Read(buffer, size); });
  }
  uint64_t FirstNewSeq() override {
    script_->looks++;
    return script_->first_new_seq;
  }
  Readiness Wait(int control_fd, uint64_t timeout_us) override {
    return script_->Wait(control_fd, timeout_us);
  }

 private:
  Script* script_;
};
