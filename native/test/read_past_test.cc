#include "../src/core/read_past.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "../src/core/unique_fd.h"
#include "check.h"

using kmsg::IoError;
using kmsg::PastReader;
using kmsg::PastResult;
using kmsg::TextSearch;
using kmsg::UniqueFd;

namespace {

const std::shared_ptr<const TextSearch> kWords(new TextSearch({"Out of memory"}));
constexpr uint64_t kAll = UINT64_MAX;

/** A file of this content, at its beginning. */
UniqueFd FileOf(const std::string& content) {
  char path[] = "/tmp/oomwatcher-read-past-XXXXXX";
  UniqueFd fd(mkstemp(path));
  CHECK(fd.get() >= 0);
  unlink(path);
  CHECK(pwrite(fd.get(), content.data(), content.size(), 0) ==
        static_cast<ssize_t>(content.size()));
  return fd;
}

std::string Lines(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; i++) text += "line " + std::to_string(i) + "\n";
  return text;
}

struct Reader {
  UniqueFd fd;
  std::string buffer;
  PastReader reader{kWords};
  PastResult result{};
  IoError error{};

  Reader(const std::string& content, size_t capacity) : fd(FileOf(content)), buffer(capacity, 0) {}

  bool Go(uint64_t most = kAll, size_t held = 0) {
    result = {};
    return reader.Read(fd.get(), {buffer.data(), buffer.size(), held}, most, &result, &error);
  }
  std::string held() const { return buffer.substr(0, result.length); }
};

}  // namespace

TEST("what has no word is passed, what has one is in the buffer with the record before it") {
  const std::string text = Lines(1000) + "before\nOut of memory\n" + Lines(3);
  Reader reader(text, 512);
  CHECK(reader.Go());
  CHECK(reader.held().find("before\nOut of memory\n") != std::string::npos);
  CHECK(!reader.result.ended);
  CHECK(text.substr(reader.result.passed, reader.result.length) == reader.held());
}

TEST("every byte is passed or in the buffer, wherever the word stands") {
  for (size_t before = 0; before < 60; before++) {
    const std::string text = Lines(before) + "Out of memory: x\n" + Lines(20);
    Reader reader(text, 64);
    std::string seen;
    size_t found = 0;
    for (size_t turns = 0; turns < 100; turns++) {
      CHECK(reader.Go());
      CHECK(text.substr(seen.size() + reader.result.passed, reader.result.length) == reader.held());
      if (reader.held().find("Out of memory") != std::string::npos) found++;
      seen = text.substr(0, seen.size() + reader.result.passed + reader.result.length);
      if (reader.result.ended) break;
    }
    CHECK(seen == text);
    CHECK(found == 1);
  }
}

TEST("a record's later lines are not passed without it") {
  Reader reader(Lines(50) + "first\n continued\n Out of memory\n", 64);
  CHECK(reader.Go());
  CHECK(reader.held().find("first\n continued\n Out of memory\n") != std::string::npos);
}

TEST("a line that fills the buffer is not passed, nor waited for without end") {
  Reader reader(std::string(1000, 'x'), 64);
  CHECK(reader.Go());
  CHECK(reader.result.passed == 0);
  CHECK(reader.result.length == 64);
  CHECK(!reader.result.ended);
}

TEST("what was held is searched again, with what comes") {
  Reader reader("of memory\n", 64);
  reader.buffer.replace(0, 4, "Out ");
  CHECK(reader.Go(kAll, 4));
  CHECK(reader.held() == "Out of memory\n");
}

TEST("the caller is not kept waiting for a word that does not come") {
  Reader reader(Lines(1000), 256);
  CHECK(reader.Go(100));
  CHECK(reader.result.passed >= 100);
  CHECK(reader.result.passed < 600);
  CHECK(!reader.result.ended);
}

TEST("a read that fails is an error with its errno") {
  Reader reader("", 64);
  reader.fd = UniqueFd(open("/", O_RDONLY));
  CHECK(!reader.Go());
  CHECK(reader.error.code == "EISDIR");
}

TEST("words are where they are in the file, whatever lies between them and wherever chunks end") {
  std::mt19937 random(20261128);
  for (size_t round = 0; round < 300; round++) {
    std::string text;
    size_t words = 0;
    const size_t rarity = 1 + random() % 300;
    while (text.size() < 20000) {
      if (random() % rarity == 0) {
        text += std::string(random() % 20, '.') + "Out of memory" + std::string(random() % 3, '!');
        words++;
      } else {
        text += std::string(random() % 30, 'x');
      }
      text += random() % 8 == 0 ? "\n " : "\n";
    }
    Reader reader(text, 256 + random() % 2048);
    size_t place = 0, found = 0, held = 0;
    for (;;) {
      CHECK(reader.Go(random() % 4 == 0 ? random() % 5000 : kAll, held));
      place += reader.result.passed;
      CHECK(text.compare(place, reader.result.length, reader.held()) == 0);
      // What a reader of lines would carry is given back; a part of a word that is seen counts when
      // it is whole.
      const std::string bytes = reader.held();
      const size_t last = bytes.rfind('\n') + 1;
      held = reader.result.ended || last == 0 ? 0 : bytes.size() - last;
      const size_t taken = bytes.size() - held;
      for (size_t at = bytes.find("Out of memory"); at < taken;
           at = bytes.find("Out of memory", at + 1))
        found++;
      reader.buffer.replace(0, held, bytes, taken, held);
      place += taken;
      if (reader.result.ended) break;
    }
    CHECK(place == text.size());
    CHECK(found == words);
  }
}

TEST("a file that is cut off or grows while it is searched ahead ends where it then ends") {
  const std::string tail = "Out of memory\n";
  for (const bool grows : {false, true}) {
    Reader reader(Lines(20000), 1024);
    CHECK(reader.Go(20000));
    CHECK(!reader.result.ended);
    const off_t place = lseek(reader.fd.get(), 0, SEEK_CUR);
    if (grows) {
      CHECK(pwrite(reader.fd.get(), tail.data(), tail.size(), lseek(reader.fd.get(), 0, SEEK_END)) >
            0);
      CHECK(lseek(reader.fd.get(), place, SEEK_SET) == place);
      CHECK(reader.Go());
      CHECK(reader.held().find(tail) != std::string::npos);
    } else {
      CHECK(ftruncate(reader.fd.get(), place + 100) == 0);
      CHECK(reader.Go());
      CHECK(reader.result.ended);
      CHECK(lseek(reader.fd.get(), 0, SEEK_CUR) == place + 100);
    }
  }
}

TEST("a reader that goes away leaves no thread and no descriptor") {
  for (int i = 0; i < 20; i++) {
    Reader reader(Lines(5000), 512);
    CHECK(reader.Go(1000));
    reader.reader.Stop();
    CHECK(reader.Go(1000, reader.result.length));
  }
  const UniqueFd next(open("/", O_RDONLY));
  CHECK(next.get() < 20);
}
