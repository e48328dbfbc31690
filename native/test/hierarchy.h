#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "check.h"

namespace fs = std::filesystem;

/** A folder with the files of a cgroup of v2: what is followed and sampled are files like any. */
class Hierarchy {
 public:
  Hierarchy() {
    char name[] = "/tmp/oomw-recorder-XXXXXX";
    if (mkdtemp(name) == nullptr) check::Abandon("mkdtemp failed");
    root_ = name;
  }
  ~Hierarchy() { fs::remove_all(root_); }

  void Write(const std::string& cgroup, const char* file, const std::string& text) const {
    std::ofstream(root_ + cgroup + "/" + file, std::ios::trunc) << text;
  }
  void Make(const std::string& cgroup, const std::string& limit, const std::string& usage) const {
    // The files first: real ones are there when their directory is.
    const std::string made = root_ + "/../" + fs::path(root_).filename().string() + ".new";
    fs::create_directory(made);
    std::ofstream(made + "/memory.max") << limit;
    std::ofstream(made + "/memory.current") << usage;
    std::ofstream(made + "/memory.stat") << "anon 1048576\nfile 0\n";
    std::ofstream(made + "/cgroup.procs") << getpid() << "\n0\n";
    fs::rename(made, root_ + cgroup);
  }
  void Remove(const std::string& cgroup) const { fs::remove_all(root_ + cgroup); }
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};
