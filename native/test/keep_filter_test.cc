#include "../src/core/keep_filter.h"

#include <string>

#include "check.h"

using kmsg::KeepFilter;
using Rule = kmsg::KeepFilter::Rule;

namespace {

bool Keeps(const KeepFilter& filter, const std::string& bytes) {
  kmsg::Record record;
  CHECK(kmsg::SplitRecord(bytes, &record));
  return filter.Keeps(record);
}

const Rule kKernelStart = {"Killed ", Rule::At::kStart, true};
const Rule kKernelAnywhere = {" killed", Rule::At::kAnywhere, true};
const Rule kAnyAnywhere = {"panic", Rule::At::kAnywhere, false};

}  // namespace

TEST("no rules at all keep every record") {
  const KeepFilter filter({}, false);
  CHECK(Keeps(filter, "6,1,2,-;\n"));
  CHECK(Keeps(filter, "30,1,2,-;x\n"));
}

TEST("a start rule does not match in the middle") {
  const KeepFilter filter({kKernelStart}, false);
  CHECK(Keeps(filter, "3,1,2,-;Killed process\n"));
  CHECK(Keeps(filter, "3,1,2,-;Killed \n"));
  CHECK(!Keeps(filter, "3,1,2,-;Killed\n"));
  CHECK(!Keeps(filter, "3,1,2,-; Killed process\n"));
  CHECK(!Keeps(filter, "3,1,2,-;\n"));
}

TEST("a text shorter than the marker is not read past its end") {
  const KeepFilter filter({{"ab\nc", Rule::At::kStart, true}, {"b\n", Rule::At::kAnywhere, true}},
                          false);
  CHECK(!Keeps(filter, "3,1,2,-;ab\n"));
}

TEST("start rules with one first byte are all tried") {
  const KeepFilter filter({{"abc", Rule::At::kStart, true},
                           {"\xff", Rule::At::kStart, true},
                           {"b", Rule::At::kStart, true},
                           {"abd", Rule::At::kStart, true}},
                          false);
  CHECK(Keeps(filter, "3,1,2,-;abc\n"));
  CHECK(Keeps(filter, "3,1,2,-;abd\n"));
  CHECK(Keeps(filter, "3,1,2,-;b\n"));
  CHECK(Keeps(filter, "3,1,2,-;\xff\n"));
  CHECK(!Keeps(filter, "3,1,2,-;abe\n"));
  CHECK(!Keeps(filter, "3,1,2,-;c\n"));
}

TEST("an anywhere rule matches at both ends") {
  const KeepFilter filter({kKernelAnywhere}, false);
  CHECK(Keeps(filter, "3,1,2,-; killed\n"));
  CHECK(Keeps(filter, "3,1,2,-;x killed\n"));
  CHECK(Keeps(filter, "3,1,2,-; killed x\n"));
  CHECK(!Keeps(filter, "3,1,2,-;x kille\n"));
}

TEST("a marker is found whichever of its bytes is the rare one, and after false starts") {
  for (const char* marker : {"zee", "eze", "eez", "e", "...", "-z-"}) {
    const KeepFilter filter({{marker, Rule::At::kAnywhere, true}}, false);
    const std::string bytes(marker);
    for (const std::string& text : {bytes, "zz" + bytes, bytes + "zz", "z.ez-" + bytes + "z"}) {
      CHECK(Keeps(filter, "3,1,2,-;" + text + "\n"));
    }
    CHECK(!Keeps(filter, "3,1,2,-;" + bytes.substr(1) + "\n"));
    CHECK(!Keeps(filter, "3,1,2,-;" + bytes.substr(0, bytes.size() - 1) + "\n" + bytes));
  }
}

TEST("a dictionary line is not searched") {
  const KeepFilter filter({kAnyAnywhere}, false);
  CHECK(!Keeps(filter, "3,1,2,-;x\n SUBSYSTEM=panic\n"));
}

TEST("user space cannot forge a record of a kernel rule") {
  const KeepFilter filter({kKernelStart, kKernelAnywhere, kAnyAnywhere}, true);
  CHECK(!Keeps(filter, "11,1,2,-;Killed process\n"));
  CHECK(!Keeps(filter, "11,1,2,-;x killed\n"));
  CHECK(!Keeps(filter, "11,1,2,c;x\n"));
  CHECK(Keeps(filter, "11,1,2,-;a panic\n"));
}

TEST("fragments are kept only when asked for") {
  CHECK(Keeps(KeepFilter({kKernelStart}, true), "4,1,2,c;,task=x\n"));
  CHECK(Keeps(KeepFilter({kKernelStart}, true), "4,1,2,+;\n"));
  CHECK(!Keeps(KeepFilter({kKernelStart}, true), "4,1,2,-;,task=x\n"));
  CHECK(!Keeps(KeepFilter({kKernelStart}, true), "4,1,2,;,task=x\n"));
  CHECK(!Keeps(KeepFilter({kKernelStart}, false), "4,1,2,c;,task=x\n"));
}
