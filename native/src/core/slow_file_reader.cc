#include "slow_file_reader.h"

namespace kmsg {
namespace {

constexpr char kThreadName[] = "oomw-proc";
// On busy cores it would come too late otherwise, and it has little to do.
constexpr int kHighestNice = -20;

}  // namespace

SlowFileReader::SlowFileReader(size_t max_bytes, EventFd* raised)
    : raised_(raised), bytes_(new char[max_bytes]), worker_([this] { Read(); }) {}

std::unique_ptr<SlowFileReader> SlowFileReader::Start(size_t max_bytes, EventFd* ended) {
  std::unique_ptr<SlowFileReader> reader(new SlowFileReader(max_bytes, ended));
  if (reader->worker_.Start(kThreadName, kHighestNice) != 0) return nullptr;
  return reader;
}

void SlowFileReader::Begin(Unread unread) {
  unread_ = std::move(unread);
  idle_ = false;
  ended_.store(false, std::memory_order_release);
  worker_.Ask();
}

std::string_view SlowFileReader::Take() {
  idle_ = true;
  return {bytes_.get(), length_};
}

void SlowFileReader::Read() {
  length_ = unread_.Read(bytes_.get());
  unread_ = {};
  ended_.store(true, std::memory_order_release);
  raised_->Raise();
}

}  // namespace kmsg
