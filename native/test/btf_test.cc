#include "../src/witness/btf.h"

#include <cstring>
#include <optional>
#include <random>
#include <string>

#include "../src/witness/kernel_btf.h"
#include "../src/witness/kernel_layout.h"
#include "btf_bytes.h"
#include "check.h"

using kmsg::Btf;
using kmsg::BtfKind;

namespace {

Btf ReadOrAbandon(const std::string& bytes, std::initializer_list<std::string_view> wanted) {
  std::optional<Btf> btf = Btf::Read(bytes, wanted);
  if (!btf) check::Abandon("the BTF was not read");
  return *btf;
}

/** Asks all that there is to ask. */
void UseAll(const std::string& bytes) {
  const std::optional<Btf> btf = Btf::Read(bytes, {"task_struct", "inner", "first"});
  if (!btf) return;
  for (uint32_t type = 0; type < 64; type++) {
    btf->KindOf(type);
    btf->Resolve(type);
    btf->TargetOf(type);
    btf->SizeOf(type);
    btf->ParameterOf(type, 1);
    btf->FindValue(type, "second");
    btf->FindMember(type, "a.b.c");
    btf->FindMember(type, "pid");
  }
}

std::string SmallBtf() {
  BtfBytes bytes;
  const uint32_t number = bytes.AddInt("int");
  const uint32_t inner = bytes.AddStruct("inner", 16, {{"x", number, 0}, {"y", number, 64}});
  const uint32_t unnamed =
      bytes.AddStruct("", 16, {{"swap", inner, 0}, {"memsw", inner, 0}}, BtfKind::kUnion);
  const uint32_t alias = bytes.Add(BtfKind::kTypedef, "alias_t", inner);
  const uint32_t constant = bytes.Add(BtfKind::kConst, "", alias);
  bytes.AddStruct("task_struct", 64,
                  {{"pid", number, 0}, {"", unnamed, 128}, {"copy", constant, 256}});
  bytes.AddEnum("", {"first", "second"});
  const uint32_t prototype = bytes.Add(BtfKind::kPrototype, "", 0, {0, number, 0, constant}, 2);
  bytes.Add(BtfKind::kPointer, "", prototype);
  return bytes.Whole();
}

}  // namespace

TEST("a field is found through typedefs and in structs and unions without a name") {
  const std::string bytes = SmallBtf();
  const Btf btf = ReadOrAbandon(bytes, {"task_struct", "first"});
  const uint32_t task = btf.Find(BtfKind::kStruct, "task_struct");
  CHECK(task != 0);
  CHECK_EQ(btf.FindMember(task, "pid")->byte_offset, 0u);
  CHECK_EQ(btf.FindMember(task, "memsw.y")->byte_offset, 24u);
  CHECK_EQ(btf.FindMember(task, "copy.y")->byte_offset, 40u);
  CHECK(!btf.FindMember(task, "copy.z"));
  CHECK(!btf.FindMember(task, "pid.x"));
  const uint32_t unnamed = btf.Find(BtfKind::kEnum, "first");
  CHECK_EQ(btf.FindValue(unnamed, "second").value_or(9), 1u);
  CHECK(!btf.FindValue(unnamed, "third"));
}

TEST("the place of a bit field is not taken for its width too") {
  BtfBytes bytes;
  const uint32_t number = bytes.AddInt("int");
  bytes.AddStruct("flags", 16, {{"wide", number, 64}, {"bits", number, 3u << 24 | 72}},
                  BtfKind::kStruct, true);
  const std::string whole = bytes.Whole();
  const Btf btf = ReadOrAbandon(whole, {"flags"});
  CHECK_EQ(btf.FindMember(btf.Find(BtfKind::kStruct, "flags"), "bits")->byte_offset, 9u);
}

TEST("a type that is found by number is that one, also far from a remembered place") {
  BtfBytes bytes;
  for (int i = 0; i < 200; i++) {
    bytes.AddStruct("s" + std::to_string(i), static_cast<uint32_t>(i), {{"f", 1, 0}});
  }
  const std::string whole = bytes.Whole();
  const Btf btf = ReadOrAbandon(whole, {"s150"});
  for (uint32_t type = 1; type <= 200; type++) CHECK_EQ(btf.SizeOf(type), type - 1);
  CHECK_EQ(btf.SizeOf(201), 0u);
  CHECK_EQ(btf.Find(BtfKind::kStruct, "s150"), 151u);
}

TEST("types that contain or name themselves end") {
  BtfBytes bytes;
  bytes.Add(BtfKind::kTypedef, "loop", 1);
  bytes.AddStruct("", 8, {{"", 2, 0}});
  bytes.AddStruct("task_struct", 8, {{"", 2, 0}, {"", 1, 0}});
  const std::string whole = bytes.Whole();
  const Btf btf = ReadOrAbandon(whole, {"task_struct"});
  CHECK_EQ(btf.Resolve(1), 0u);
  CHECK(!btf.FindMember(3, "pid"));
}

TEST("BTF that is cut anywhere is read as far as it is whole, or refused") {
  const std::string whole = SmallBtf();
  for (size_t length = 0; length < whole.size(); length++) {
    // Its own allocation: a look behind the end is seen.
    const std::string cut(whole.data(), length);
    CHECK(!Btf::Read(cut, {"task_struct"}));
  }
}

TEST("BTF with any word replaced harms nobody") {
  const std::string whole = SmallBtf();
  for (size_t at = 0; at + 4 <= whole.size(); at += 4) {
    for (const uint32_t word : {0u, 1u, 6u, 0xffu, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
      std::string bytes = whole;
      std::memcpy(bytes.data() + at, &word, sizeof word);
      UseAll(bytes);
    }
  }
}

TEST("BTF of random bytes harms nobody") {
  std::mt19937 random(1);
  const std::string whole = SmallBtf();
  for (int round = 0; round < 3000; round++) {
    std::string bytes = whole;
    for (int i = 0; i < 6; i++) bytes[random() % bytes.size()] = static_cast<char>(random());
    UseAll(bytes);
  }
}

TEST("a kernel without what is needed is refused by the name of what it lacks") {
  std::string missing;
  CHECK(!kmsg::ReadKernelLayout(SmallBtf(), &missing));
  CHECK_EQ(missing, "task_struct.tgid");
  CHECK(!kmsg::ReadKernelLayout("no BTF at all", &missing));
  CHECK_EQ(missing, "types that this version can read");
}

TEST("the running kernel's types have all that is needed") {
  kmsg::IoError error;
  const auto btf = kmsg::KernelBtf::Open("/sys/kernel/btf/vmlinux", &error);
  if (!btf) return check::Skip("this kernel has no BTF: " + error.message);
  std::string missing;
  const auto layout = kmsg::ReadKernelLayout(btf->bytes(), &missing);
  CHECK_EQ(missing, "");
  CHECK(layout.has_value());
}
