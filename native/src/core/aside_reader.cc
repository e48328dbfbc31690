#include "aside_reader.h"

#include <poll.h>
#include <sys/resource.h>

namespace kmsg {
namespace {

constexpr char kThreadName[] = "oomw-proc";
constexpr int kHighestNice = -20;

}  // namespace

AsideReader::AsideReader(size_t max_bytes, EventFd* raised)
    : raised_(raised), bytes_(new char[max_bytes]) {}

std::unique_ptr<AsideReader> AsideReader::Start(size_t max_bytes, EventFd* ended) {
  std::unique_ptr<AsideReader> reader(new AsideReader(max_bytes, ended));
  if (!reader->begin_.valid()) return nullptr;
  const auto run = [self = reader.get()] { self->Run(); };
  if (reader->thread_.Start(kThreadName, run) != 0) return nullptr;
  return reader;
}

AsideReader::~AsideReader() {
  stopping_.store(true, std::memory_order_release);
  begin_.Raise();
}

void AsideReader::Begin(Unread unread) {
  unread_ = std::move(unread);
  idle_ = false;
  ended_.store(false, std::memory_order_release);
  begin_.Raise();
}

std::string_view AsideReader::Take() {
  idle_ = true;
  return {bytes_.get(), length_};
}

void AsideReader::Run() {
  // Where it may: on busy cores it would come too late otherwise, and it has little to do.
  setpriority(PRIO_PROCESS, 0, kHighestNice);
  for (;;) {
    pollfd begin = {begin_.fd(), POLLIN, 0};
    poll(&begin, 1, -1);
    begin_.Lower();
    if (stopping_.load(std::memory_order_acquire)) return;
    if (ended()) continue;
    length_ = unread_.Read(bytes_.get());
    unread_ = {};
    ended_.store(true, std::memory_order_release);
    raised_->Raise();
  }
}

}  // namespace kmsg
