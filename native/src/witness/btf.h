#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace kmsg {

/** Documentation/bpf/btf.rst. */
enum class BtfKind : uint32_t {
  kInt = 1,
  kPointer = 2,
  kArray = 3,
  kStruct = 4,
  kUnion = 5,
  kEnum = 6,
  kForward = 7,
  kTypedef = 8,
  kVolatile = 9,
  kConst = 10,
  kRestrict = 11,
  kFunction = 12,
  kPrototype = 13,
  kVariable = 14,
  kDataSection = 15,
  kFloat = 16,
  kDeclarationTag = 17,
  kTypeTag = 18,
  kEnum64 = 19,
};

/**
 * The types of a kernel, as it describes them in /sys/kernel/btf/vmlinux: 130,000 of them, read in
 * one pass that remembers those of the wanted names and the place of every 32nd, by which the
 * others are found. Nothing in the bytes is trusted.
 *
 * Views the bytes, which must outlive it.
 */
class Btf {
 public:
  struct Member {
    uint32_t byte_offset;
    uint32_t type;
  };

  /** Empty: this is no BTF, or a kind of it that came after this reader. */
  static std::optional<Btf> Read(std::string_view bytes,
                                 std::initializer_list<std::string_view> wanted);

  /**
   * The number of the type with this name, one of the wanted ones; 0: there is none. An enum
   * without a name is found by that of its first value, a struct only where it has members.
   */
  uint32_t Find(BtfKind kind, std::string_view name) const;

  /** The field at `path`, its parts separated by dots, also where it lies in structs and unions
   * without a name. */
  std::optional<Member> FindMember(uint32_t type, std::string_view path) const;

  /** Of an enum. */
  std::optional<uint32_t> FindValue(uint32_t type, std::string_view name) const;

  /** What `type` is behind typedefs and qualifiers; 0: nothing. */
  uint32_t Resolve(uint32_t type) const;

  /** The kind of `type`; empty: there is no such type. */
  std::optional<BtfKind> KindOf(uint32_t type) const;

  /** What a pointer, typedef or qualifier refers to; of an array, its elements; else 0. */
  uint32_t TargetOf(uint32_t type) const;

  /** Of a struct or union; else 0. */
  uint32_t SizeOf(uint32_t type) const;

  /** The type of a function prototype's parameter; 0: it has not so many. */
  uint32_t ParameterOf(uint32_t type, uint32_t index) const;

 private:
  struct Type {
    uint32_t name;
    BtfKind kind;
    bool kind_flag;
    uint32_t count;
    /** Bytes, or a type's number. */
    uint32_t size_or_type;
    /** What follows it. */
    std::string_view rest;
  };
  struct Found {
    BtfKind kind;
    std::string_view name;
    uint32_t type;
  };

  Btf(std::string_view types, std::string_view strings) : types_(types), strings_(strings) {}

  bool Scan(std::initializer_list<std::string_view> wanted);
  std::optional<Type> TypeAt(size_t offset) const;
  std::optional<Type> TypeOf(uint32_t type) const;
  std::string_view NameAt(uint32_t offset) const;
  std::optional<Member> FindMember(uint32_t type, std::string_view name, int depth) const;

  std::string_view types_;
  std::string_view strings_;
  /** Of the types 1, 33, 65 …. */
  std::vector<uint32_t> offsets_;
  uint32_t count_ = 0;
  std::vector<Found> found_;
};

}  // namespace kmsg
