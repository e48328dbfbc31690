#include "../src/witness/pins.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>

#include "../src/witness/bpf.h"
#include "../src/witness/witness.h"
#include "check.h"

using kmsg::IoError;
using kmsg::PinDirectory;
using kmsg::Witness;

namespace {

constexpr uint32_t kRingBytes = 64 * 1024;

/** A bpffs of the test's own. */
class Bpffs {
 public:
  static std::unique_ptr<Bpffs> Mount() {
    char path[] = "/tmp/oomw-pins-XXXXXX";
    if (mkdtemp(path) == nullptr || mount("bpf", path, "bpf", 0, nullptr) != 0) {
      check::Skip("a BPF file system cannot be mounted here");
      rmdir(path);
      return nullptr;
    }
    return std::unique_ptr<Bpffs>(new Bpffs(path));
  }
  ~Bpffs() {
    umount2(path_.c_str(), MNT_DETACH);
    rmdir(path_.c_str());
  }
  std::string Folder(const char* name) const { return path_ + '/' + name; }

 private:
  explicit Bpffs(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

std::unique_ptr<Witness> Start(const std::string& pins) {
  IoError error;
  std::unique_ptr<Witness> witness = Witness::Start(
      {kRingBytes, pins}, [] {}, &error);
  if (!witness) check::Skip(error.message);
  return witness;
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace

TEST("a program that is pinned is there for the next reader, and gone when it is removed") {
  const auto bpffs = Bpffs::Mount();
  if (!bpffs) return;
  const std::string pins = bpffs->Folder("agent");
  for (int round = 0; round < 3; round++) {
    const auto witness = Start(pins);
    if (!witness) return;
    CHECK(witness->stats().pinned);
    CHECK_EQ(witness->stats().pins_message, "");
    CHECK(Exists(pins + "/current/ring"));
    CHECK(!Exists(pins + "/next"));
    CHECK(!Exists(pins + "/old"));
  }
  IoError error;
  CHECK(kmsg::RemovePins(pins, &error));
  CHECK(!Exists(pins));
  CHECK(kmsg::RemovePins(pins, &error));
}

TEST("another version's program is replaced, whatever it left") {
  const auto bpffs = Bpffs::Mount();
  if (!bpffs) return;
  const std::string pins = bpffs->Folder("agent");
  if (!Start(pins)) return;
  // As if it were of another one: its mark is missing.
  const std::string remove = "rm " + pins + "/current/program_*";
  CHECK_EQ(system(remove.c_str()), 0);
  const auto witness = Start(pins);
  CHECK(witness->stats().pinned);
  const std::string look = "test -e " + pins + "/current/program_*";
  CHECK_EQ(system(look.c_str()), 0);
  CHECK(!Exists(pins + "/old"));
}

TEST("pins that are half made do not stand in the way") {
  const auto bpffs = Bpffs::Mount();
  if (!bpffs) return;
  const std::string pins = bpffs->Folder("agent");
  if (!Start(pins)) return;
  // Killed while it made a set, and between the two renames.
  mkdir((pins + "/next").c_str(), 0700);
  CHECK_EQ(rename((pins + "/current").c_str(), (pins + "/old").c_str()), 0);
  {
    IoError error;
    const auto directory = PinDirectory::Open(pins, &error);
    CHECK(directory->HasSet());
  }
  CHECK(!Exists(pins + "/next"));
  CHECK(Start(pins)->stats().pinned);
}

TEST("two agents do not read one ring: the second goes on with a program of its own") {
  const auto bpffs = Bpffs::Mount();
  if (!bpffs) return;
  const std::string pins = bpffs->Folder("agent");
  const auto first = Start(pins);
  if (!first) return;
  const auto second = Start(pins);
  CHECK(!second->stats().pinned);
  CHECK(second->stats().pins_message.find("ERR_PINS_IN_USE") == 0);
  IoError error;
  CHECK(!kmsg::RemovePins(pins, &error));
  CHECK_EQ(error.code, "ERR_PINS_IN_USE");
}

TEST("where there is no BPF file system the witness works and says what to do") {
  const auto witness = Start("/tmp/oomw-no-bpffs");
  if (!witness) return;
  CHECK(!witness->stats().pinned);
  CHECK(witness->stats().pins_message.find("mount -t bpf") != std::string::npos);
  CHECK(!Exists("/tmp/oomw-no-bpffs"));
}

TEST("pins of somebody else stay as they are, and the witness works without") {
  const auto bpffs = Bpffs::Mount();
  if (!bpffs) return;
  const auto refused = [&](const std::string& pins, const char* why) {
    const auto witness = Start(pins);
    if (!witness) return;
    CHECK(!witness->stats().pinned);
    const std::string message = witness->stats().pins_message;
    CHECK(message.find("ERR_PINS_FOREIGN") == 0);
    CHECK(message.find(why) != std::string::npos);
    IoError error;
    CHECK(!kmsg::RemovePins(pins, &error));
    CHECK(Exists(pins));
  };

  const std::string owned = bpffs->Folder("owned");
  mkdir(owned.c_str(), 0700);
  if (chown(owned.c_str(), 65534, 65534) != 0) return check::Skip("nothing can be given away here");
  refused(owned, "belongs to user 65534");

  const std::string open = bpffs->Folder("open");
  mkdir(open.c_str(), 0700);
  chmod(open.c_str(), 0777);
  refused(open, "may be written by others");

  const std::string other = bpffs->Folder("other");
  mkdir(other.c_str(), 0700);
  mkdir((other + "/maps").c_str(), 0700);
  refused(other, "another program");
  CHECK(Exists(other + "/maps"));

  // Its folder has our name, and no ring of ours is in it.
  const std::string alike = bpffs->Folder("alike");
  mkdir(alike.c_str(), 0700);
  mkdir((alike + "/current").c_str(), 0700);
  mkdir((alike + "/current/ring").c_str(), 0700);
  const auto witness = Start(alike);
  if (!witness) return;
  CHECK(!witness->stats().pinned);
  CHECK(witness->stats().pins_message.find("ERR_PINS_FOREIGN") == 0);
  CHECK(Exists(alike + "/current/ring"));
}

TEST("what is loaded for another process is pinned for it, and locked by it") {
  const auto bpffs = Bpffs::Mount();
  if (!bpffs) return;
  const std::string pins = bpffs->Folder("agent");
  IoError error;
  std::optional<kmsg::LoadedWitness> loaded = kmsg::LoadWitness({kRingBytes, pins}, &error);
  if (!loaded) return check::Skip(error.message);
  CHECK(loaded->pinned);
  // Its reader is not there yet, and the ring is not for two.
  CHECK(!Start(pins)->stats().pinned);
  {
    kmsg::WitnessOptions options = {kRingBytes};
    options.handed = std::move(loaded->fds);
    const auto witness = Witness::Start(
        std::move(options), [] {}, &error);
    CHECK(witness != nullptr);
    CHECK(witness->stats().pinned);
    CHECK(witness->stats().kernel.has_value());
    CHECK(witness->stats().control != Witness::Control::kTrying);
    CHECK(!Start(pins)->stats().pinned);
  }
  CHECK(Start(pins)->stats().pinned);
}

TEST("what was handed over and is no witness is an error") {
  IoError error;
  kmsg::WitnessOptions options = {kRingBytes};
  options.handed.push_back({"ring", kmsg::UniqueFd(dup(0))});
  CHECK(Witness::Start(
            std::move(options), [] {}, &error) == nullptr);
  CHECK(error.message.find("handed over") != std::string::npos);
}
