#include "../src/witness/witnessed.h"

#include <random>
#include <string>

#include "check.h"
#include "witness_bytes.h"

using kmsg::ParseWitnessed;

TEST("a record's levels have their names, whatever bytes those are") {
  const std::string longest(255, 'x');
  const auto witnessed = ParseWitnessed(WitnessBytes(4, {"a", "\xff\"\n12345", longest, ""}));
  CHECK(witnessed.has_value());
  CHECK_EQ(witnessed->fields.pid, 4);
  CHECK_EQ(witnessed->levels.size(), 4u);
  CHECK_EQ(witnessed->levels[0].name, "a");
  CHECK_EQ(witnessed->levels[1].name, "\xff\"\n12345");
  CHECK_EQ(witnessed->levels[2].name, longest);
  CHECK_EQ(witnessed->levels[3].name, "");
}

TEST("a record that is cut, or of another version, is none") {
  const std::string whole = WitnessBytes(4, {"container", "pod"});
  for (size_t length = 0; length < whole.size(); length++) {
    std::string cut(whole.data(), length);
    CHECK(!ParseWitnessed(cut));
    if (length < sizeof(kmsg::witness_record)) continue;
    // Also where it claims to be whole.
    const auto bytes = static_cast<kmsg::witness_u32>(length);
    std::memcpy(cut.data(), &bytes, sizeof bytes);
    CHECK(!ParseWitnessed(cut));
  }
  std::string newer = whole;
  newer[4] = kmsg::WITNESS_VERSION + 1;
  CHECK(!ParseWitnessed(newer));
}

TEST("a record of random bytes harms nobody") {
  std::mt19937 random(1);
  const std::string whole = WitnessBytes(4, {"container", "pod", ""});
  for (int round = 0; round < 20000; round++) {
    std::string bytes = whole;
    for (int i = 0; i < 4; i++) bytes[random() % bytes.size()] = static_cast<char>(random());
    ParseWitnessed(bytes);
  }
}

TEST("a name that fills its array has no NUL and ends there") {
  const kmsg::witness_u8 name[4] = {'a', 'b', 'c', 'd'};
  CHECK_EQ(kmsg::NameOf(name, sizeof name), "abcd");
}
