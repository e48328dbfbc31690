#include "drain.h"

#include <cerrno>
#include <utility>

namespace kmsg {
namespace {

constexpr char kThreadName[] = "oomw-kmsg";

static_assert(RowRing::RowBytes(kReadBytes + kSnapshotFilesMax * kSnapshotEntryBytes) +
                      2 * RowRing::RowBytes(0) <=
                  kMinRingBytes,
              "an empty ring has space for whatever one read can add");

}  // namespace

Drain::Drain(std::unique_ptr<Device> device, EventFd control, DrainOptions options,
             std::function<void()> wake)
    : ring_(options.ring_bytes),
      control_(std::move(control)),
      wake_(std::move(wake)),
      loop_(std::move(device), std::move(options.keep), std::move(options.snapshots), &ring_,
            &control_, &wake_) {}

std::unique_ptr<Drain> Drain::Start(std::unique_ptr<Device> device, DrainOptions options,
                                    std::function<void()> wake, IoError* error) {
  EventFd control;
  if (!control.valid()) {
    *error = SystemError(errno, "eventfd");
    return nullptr;
  }
  std::unique_ptr<Drain> drain(
      new Drain(std::move(device), std::move(control), std::move(options), std::move(wake)));
  if (!drain->ring_.valid()) {
    *error = SystemError(ENOMEM, "mmap");
  } else if (const int failure = drain->StartThreads(); failure != 0) {
    *error = SystemError(failure, "pthread_create");
  } else {
    return drain;
  }
  return nullptr;
}

int Drain::StartThreads() {
  const int failure = wake_.Start();
  return failure != 0 ? failure : thread_.Start(kThreadName, [this] { loop_.Run(); });
}

void Drain::Stop() {
  loop_.Stop();
  thread_.Join();
  wake_.Stop();
}

Filled Drain::Fill(const Batch& batch) {
  const Filled filled = FillBatch(&ring_, batch);
  loop_.OnTaken();
  return filled;
}

const IoError* Drain::TakeError() {
  const IoError* const error = loop_.error();
  if (error_taken_ || error == nullptr || ring_.Used() > 0) return nullptr;
  error_taken_ = true;
  return error;
}

}  // namespace kmsg
