#include "btf.h"

#include <cstring>

namespace kmsg {
namespace {

constexpr uint16_t kMagic = 0xeb9f;
constexpr uint8_t kVersion = 1;
constexpr size_t kHeaderBytes = 24;
constexpr size_t kTypeBytes = 12;
constexpr size_t kMemberBytes = 12;
constexpr uint32_t kStride = 32;

/** Deeper than any kernel nests; a type that contains itself ends here. */
constexpr int kDeepest = 16;

uint32_t ReadU32(std::string_view bytes, size_t offset) {
  uint32_t value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

/** What follows a type of this kind; empty: the kind is not known. */
std::optional<size_t> RestBytes(BtfKind kind, size_t count) {
  switch (kind) {
    case BtfKind::kPointer:
    case BtfKind::kForward:
    case BtfKind::kTypedef:
    case BtfKind::kVolatile:
    case BtfKind::kConst:
    case BtfKind::kRestrict:
    case BtfKind::kFunction:
    case BtfKind::kFloat:
    case BtfKind::kTypeTag:
      return 0;
    case BtfKind::kInt:
    case BtfKind::kVariable:
    case BtfKind::kDeclarationTag:
      return 4;
    case BtfKind::kArray:
      return 12;
    case BtfKind::kStruct:
    case BtfKind::kUnion:
    case BtfKind::kDataSection:
    case BtfKind::kEnum64:
      return count * kMemberBytes;
    case BtfKind::kEnum:
    case BtfKind::kPrototype:
      return count * 8;
  }
  return std::nullopt;
}

bool IsQualifier(BtfKind kind) {
  return kind == BtfKind::kTypedef || kind == BtfKind::kVolatile || kind == BtfKind::kConst ||
         kind == BtfKind::kRestrict || kind == BtfKind::kTypeTag;
}

bool IsRecord(BtfKind kind) { return kind == BtfKind::kStruct || kind == BtfKind::kUnion; }

/** Tells most names that are not wanted from their first bytes. */
class Prefixes {
 public:
  explicit Prefixes(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) bits_[Hash(name)] = true;
  }
  bool MayHave(std::string_view name) const { return bits_[Hash(name)]; }

 private:
  static size_t Hash(std::string_view name) {
    size_t hash = name.size();
    for (size_t i = 0; i < name.size() && i < 8; i++)
      hash = hash * 31 + static_cast<uint8_t>(name[i]);
    return hash % kSize;
  }

  static constexpr size_t kSize = 1024;
  bool bits_[kSize] = {};
};

}  // namespace

std::optional<Btf> Btf::Read(std::string_view bytes,
                             std::initializer_list<std::string_view> wanted) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  uint16_t magic;
  std::memcpy(&magic, bytes.data(), sizeof magic);
  if (magic != kMagic || static_cast<uint8_t>(bytes[2]) != kVersion) return std::nullopt;
  const size_t header = ReadU32(bytes, 4);
  const size_t types_at = header + ReadU32(bytes, 8);
  const size_t types_bytes = ReadU32(bytes, 12);
  const size_t strings_at = header + ReadU32(bytes, 16);
  const size_t strings_bytes = ReadU32(bytes, 20);
  if (header < kHeaderBytes || types_at > bytes.size() || types_bytes > bytes.size() - types_at ||
      strings_at > bytes.size() || strings_bytes > bytes.size() - strings_at) {
    return std::nullopt;
  }
  const std::string_view strings = bytes.substr(strings_at, strings_bytes);
  // Every name ends within them then.
  if (strings.empty() || strings.front() != '\0' || strings.back() != '\0') return std::nullopt;
  Btf btf(bytes.substr(types_at, types_bytes), strings);
  if (!btf.Scan(wanted)) return std::nullopt;
  return btf;
}

bool Btf::Scan(std::initializer_list<std::string_view> wanted) {
  const Prefixes prefixes(wanted);
  for (size_t offset = 0; offset < types_.size();) {
    const std::optional<Type> type = TypeAt(offset);
    if (!type) return false;
    if (count_ % kStride == 0) offsets_.push_back(static_cast<uint32_t>(offset));
    count_++;
    offset += kTypeBytes + type->rest.size();
    const BtfKind kind = type->kind;
    const bool is_enum = kind == BtfKind::kEnum;
    if (!is_enum && kind != BtfKind::kTypedef && kind != BtfKind::kFunction &&
        !(kind == BtfKind::kStruct && type->count > 0)) {
      continue;
    }
    std::string_view name = NameAt(type->name);
    if (name.empty() && is_enum && type->count > 0) name = NameAt(ReadU32(type->rest, 0));
    if (!prefixes.MayHave(name)) continue;
    for (const std::string_view candidate : wanted) {
      if (candidate == name) found_.push_back({kind, candidate, count_});
    }
  }
  return true;
}

std::optional<Btf::Type> Btf::TypeAt(size_t offset) const {
  if (types_.size() - offset < kTypeBytes) return std::nullopt;
  const uint32_t info = ReadU32(types_, offset + 4);
  Type type = {};
  type.name = ReadU32(types_, offset);
  type.kind = static_cast<BtfKind>(info >> 24 & 0x1f);
  type.kind_flag = info >> 31 != 0;
  type.count = info & 0xffff;
  type.size_or_type = ReadU32(types_, offset + 8);
  const std::optional<size_t> rest = RestBytes(type.kind, type.count);
  if (!rest || types_.size() - offset - kTypeBytes < *rest) return std::nullopt;
  type.rest = types_.substr(offset + kTypeBytes, *rest);
  return type;
}

std::optional<Btf::Type> Btf::TypeOf(uint32_t number) const {
  if (number == 0 || number > count_) return std::nullopt;
  size_t offset = offsets_[(number - 1) / kStride];
  std::optional<Type> type = TypeAt(offset);
  for (uint32_t left = (number - 1) % kStride; left > 0; left--) {
    offset += kTypeBytes + type->rest.size();
    type = TypeAt(offset);
  }
  return type;
}

std::string_view Btf::NameAt(uint32_t offset) const {
  return offset < strings_.size() ? std::string_view(strings_.data() + offset) : std::string_view();
}

uint32_t Btf::Find(BtfKind kind, std::string_view name) const {
  for (const Found& found : found_) {
    if (found.kind == kind && found.name == name) return found.type;
  }
  return 0;
}

std::optional<BtfKind> Btf::KindOf(uint32_t number) const {
  const std::optional<Type> type = TypeOf(number);
  if (!type) return std::nullopt;
  return type->kind;
}

uint32_t Btf::Resolve(uint32_t number) const {
  for (int depth = 0; depth < kDeepest; depth++) {
    const std::optional<Type> type = TypeOf(number);
    if (!type) return 0;
    if (!IsQualifier(type->kind)) return number;
    number = type->size_or_type;
  }
  return 0;
}

uint32_t Btf::TargetOf(uint32_t number) const {
  const std::optional<Type> type = TypeOf(number);
  if (!type) return 0;
  if (type->kind == BtfKind::kArray) return ReadU32(type->rest, 0);
  return type->kind == BtfKind::kPointer || IsQualifier(type->kind) ? type->size_or_type : 0;
}

uint32_t Btf::SizeOf(uint32_t number) const {
  const std::optional<Type> type = TypeOf(Resolve(number));
  return type && IsRecord(type->kind) ? type->size_or_type : 0;
}

uint32_t Btf::ParameterOf(uint32_t number, uint32_t index) const {
  const std::optional<Type> type = TypeOf(number);
  if (!type || type->kind != BtfKind::kPrototype || index >= type->count) return 0;
  return ReadU32(type->rest, index * 8 + 4);
}

std::optional<Btf::Member> Btf::FindMember(uint32_t type, std::string_view path) const {
  Member found = {0, type};
  for (;;) {
    const size_t dot = path.find('.');
    const std::optional<Member> member = FindMember(found.type, path.substr(0, dot), kDeepest);
    if (!member) return std::nullopt;
    found = {found.byte_offset + member->byte_offset, member->type};
    if (dot == std::string_view::npos) return found;
    path.remove_prefix(dot + 1);
  }
}

std::optional<Btf::Member> Btf::FindMember(uint32_t number, std::string_view name,
                                           int depth) const {
  const std::optional<Type> type = TypeOf(Resolve(number));
  if (!type || !IsRecord(type->kind) || depth == 0) return std::nullopt;
  for (size_t at = 0; at < type->rest.size(); at += kMemberBytes) {
    const std::string_view member_name = NameAt(ReadU32(type->rest, at));
    const uint32_t member_type = ReadU32(type->rest, at + 4);
    const uint32_t place = ReadU32(type->rest, at + 8);
    // With the flag, the upper byte is the width of a bit field.
    const uint32_t byte_offset = (type->kind_flag ? place & 0xffffff : place) / 8;
    if (member_name == name) return Member{byte_offset, member_type};
    if (!member_name.empty()) continue;
    if (const std::optional<Member> inner = FindMember(member_type, name, depth - 1)) {
      return Member{byte_offset + inner->byte_offset, inner->type};
    }
  }
  return std::nullopt;
}

std::optional<uint32_t> Btf::FindValue(uint32_t number, std::string_view name) const {
  const std::optional<Type> type = TypeOf(number);
  if (!type || type->kind != BtfKind::kEnum) return std::nullopt;
  for (size_t at = 0; at < type->rest.size(); at += 8) {
    if (NameAt(ReadU32(type->rest, at)) == name) return ReadU32(type->rest, at + 4);
  }
  return std::nullopt;
}

}  // namespace kmsg
