#include "../src/core/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <memory>

#include "check.h"

using kmsg::SnapshotRule;
using kmsg::Snapshots;

namespace {

using Rules = std::vector<SnapshotRule>;

/** A folder for one test. */
class Folder {
 public:
  Folder() { CHECK(mkdtemp(path_) != nullptr); }
  ~Folder() {
    for (auto made = made_.rbegin(); made != made_.rend(); ++made) remove(made->c_str());
    rmdir(path_);
  }
  std::string Path(const std::string& name) const { return std::string(path_) + '/' + name; }
  void Make(const std::string& name) {
    made_.push_back(Path(name));
    CHECK_EQ(mkdir(made_.back().c_str(), 0700), 0);
  }
  void Write(const std::string& name, const std::string& bytes) {
    made_.push_back(Path(name));
    std::ofstream(made_.back()) << bytes;
  }

 private:
  char path_[32] = "/tmp/kmsg-snapshot-XXXXXX";
  std::vector<std::string> made_;
};

struct File {
  int32_t length;
  std::string bytes;
};

std::vector<File> Take(const Snapshots& snapshots, const std::string& bytes) {
  kmsg::Record record;
  CHECK(kmsg::SplitRecord(bytes, &record));
  // Exactly as large as promised: a byte more is the sanitizer's to find.
  const std::unique_ptr<char[]> out(new char[snapshots.max_bytes()]);
  const size_t length = snapshots.Take(record, out.get());
  std::vector<File> files;
  for (size_t at = 0; at < length;) {
    File file;
    memcpy(&file.length, out.get() + at, sizeof file.length);
    at += sizeof file.length;
    if (file.length > 0) file.bytes.assign(out.get() + at, static_cast<size_t>(file.length));
    at += file.bytes.size();
    CHECK(at <= length);
    files.push_back(file);
  }
  return files;
}

}  // namespace

TEST("the files are those of the number after the marker") {
  Folder folder;
  folder.Make("22");
  folder.Write("22/cgroup", "0::/a\n");
  folder.Write("22/empty", "");
  const Snapshots snapshots(Rules{{"process ", folder.Path("%"), {"cgroup", "empty", "%"}}});
  const std::vector<File> files = Take(snapshots, "3,1,2,-;Killed process 22 (a)\n");
  CHECK_EQ(files.size(), 3u);
  CHECK_EQ(files[0].length, 6);
  CHECK_EQ(files[0].bytes, "0::/a\n");
  CHECK_EQ(files[1].length, 0);
  CHECK_EQ(files[2].length, -ENOENT);
}

TEST("slow files are left to whoever takes them, and else read with the others") {
  Folder folder;
  folder.Make("7");
  folder.Write("7/fast", "f");
  folder.Write("7/late", "s");
  const Snapshots snapshots(
      Rules{{"pid=", folder.Path("%"), {"fast"}, {"late", "nothing", "fast"}}});
  const std::vector<File> all = Take(snapshots, "3,1,2,-;pid=7\n");
  CHECK_EQ(all.size(), 4u);
  CHECK_EQ(all.at(1).bytes, "s");
  CHECK_EQ(all.at(2).length, -ENOENT);

  kmsg::Record record;
  CHECK(kmsg::SplitRecord("3,1,2,-;pid=7\n", &record));
  const std::unique_ptr<char[]> at_once(new char[snapshots.max_bytes()]);
  const std::unique_ptr<char[]> later(new char[snapshots.max_slow_bytes()]);
  kmsg::Unread unread;
  CHECK_EQ(snapshots.Take(record, at_once.get(), &unread), 4u + 1u);
  CHECK(unread.files != nullptr);
  CHECK_EQ(unread.Read(later.get()), 3 * 4u + 2u);
}

TEST("of a process that is gone no slow file is left to be read") {
  const Snapshots snapshots(Rules{{"pid=", "/nowhere/%", {"fast"}, {"slow"}}});
  kmsg::Record record;
  CHECK(kmsg::SplitRecord("3,1,2,-;pid=7\n", &record));
  const std::unique_ptr<char[]> out(new char[snapshots.max_bytes()]);
  kmsg::Unread unread;
  CHECK_EQ(snapshots.Take(record, out.get(), &unread), 2 * 4u);
  CHECK(unread.files == nullptr);
}

TEST("a marker without a number is passed over for one that has it") {
  Folder folder;
  folder.Make("7");
  folder.Write("7/name", "seven");
  const Snapshots snapshots(Rules{{"pid=", folder.Path("%"), {"name"}}});
  CHECK_EQ(Take(snapshots, "3,1,2,-;pid=x,pid=,pid=7").at(0).bytes, "seven");
  CHECK_EQ(Take(snapshots, "3,1,2,-;pid=7").at(0).bytes, "seven");
  CHECK_EQ(Take(snapshots, "3,1,2,-;pid=12345678901,pid=7\n").at(0).bytes, "seven");
  CHECK(Take(snapshots, "3,1,2,-;pid=-7\n").empty());
  CHECK(Take(snapshots, "3,1,2,-;pid=").empty());
  CHECK(Take(snapshots, "3,1,2,-;7\n").empty());
}

TEST("the first rule that finds a number is the one") {
  Folder folder;
  folder.Make("a1");
  folder.Make("b2");
  folder.Write("a1/name", "a");
  folder.Write("b2/name", "b");
  const Snapshots snapshots(
      Rules{{"a=", folder.Path("a%"), {"name"}}, {"b=", folder.Path("b%"), {"name"}}});
  CHECK_EQ(Take(snapshots, "3,1,2,-;b=2 a=1\n").at(0).bytes, "a");
  CHECK_EQ(Take(snapshots, "3,1,2,-;b=2 a=x\n").at(0).bytes, "b");
}

TEST("user space cannot make the reader open files") {
  const Snapshots snapshots(Rules{{"pid=", "/proc/%", {"status"}}});
  CHECK(Take(snapshots, "11,1,2,-;pid=1\n").empty());
  CHECK_EQ(Take(snapshots, "3,1,2,-;pid=1\n").size(), 1u);
}

TEST("a file larger than the bound is cut there") {
  Folder folder;
  folder.Make("1");
  folder.Make("2");
  folder.Write("1/file", std::string(kmsg::kSnapshotFileBytes, 'a'));
  folder.Write("2/file", std::string(kmsg::kSnapshotFileBytes + 1, 'b'));
  const std::vector<std::string> files(kmsg::kSnapshotFilesMax, "file");
  const Snapshots snapshots(Rules{{"pid=", folder.Path("%"), files}});
  for (const char* record : {"3,1,2,-;pid=1\n", "3,1,2,-;pid=2\n"}) {
    const std::vector<File> taken = Take(snapshots, record);
    CHECK_EQ(taken.size(), kmsg::kSnapshotFilesMax);
    for (const File& file : taken) CHECK_EQ(file.bytes.size(), kmsg::kSnapshotFileBytes);
  }
}

TEST("a file that cannot be read is an errno, and the next one is read") {
  const Snapshots snapshots(Rules{{"pid=", "/proc/%", {"task", "nothing", "status"}}});
  const std::vector<File> files = Take(snapshots, "3,1,2,-;pid=1\n");
  CHECK_EQ(files.at(0).length, -EISDIR);
  CHECK_EQ(files.at(1).length, -ENOENT);
  CHECK(files.at(2).length > 0);
}

TEST("a process that is gone is an errno for each of its files") {
  const Snapshots snapshots(Rules{{"pid=", "/proc/%", {"status", "cgroup"}}});
  const std::vector<File> files = Take(snapshots, "3,1,2,-;pid=4294967295\n");
  CHECK_EQ(files.size(), 2u);
  CHECK_EQ(files.at(0).length, -ENOENT);
  CHECK_EQ(files.at(1).length, -ENOENT);
}

TEST("a snapshot leaves no descriptor open") {
  const int before = dup(0);
  close(before);
  const Snapshots snapshots(Rules{{"pid=", "/proc/%", {"task", "nothing", "status"}}});
  Take(snapshots, "3,1,2,-;pid=1\n");
  Take(snapshots, "3,1,2,-;pid=4294967295\n");
  const int after = dup(0);
  close(after);
  CHECK_EQ(after, before);
}

TEST("a path as long as one likes is the kernel's to refuse") {
  const Snapshots snapshots(Rules{{"pid=", std::string(5000, '%'), {"a"}}});
  CHECK_EQ(Take(snapshots, "3,1,2,-;pid=4294967295\n").at(0).length, -ENAMETOOLONG);
}
