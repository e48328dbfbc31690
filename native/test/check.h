#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

/** The least of a test framework: TEST registers, CHECK and CHECK_EQ report and count, SKIP says
 * why. */
namespace check {

struct Test {
  const char* name;
  std::function<void()> body;
};

inline std::vector<Test>& Tests() {
  static std::vector<Test> tests;
  return tests;
}

struct Registration {
  Registration(const char* name, std::function<void()> body) { Tests().push_back({name, body}); }
};

inline int failures = 0;
inline bool skipped = false;
inline std::string skip_reason;

inline void Fail(const char* file, int line, const std::string& what) {
  failures++;
  std::fprintf(stderr, "%s:%d: %s\n", file, line, what.c_str());
}

/** For a failure that the rest of the test would only stumble over. */
[[noreturn]] inline void Abandon(const std::string& what) { throw std::runtime_error(what); }

template <typename A, typename B>
void Equal(const char* file, int line, const char* expression, const A& actual, const B& expected) {
  if (actual == expected) return;
  std::ostringstream what;
  what << expression << " is " << actual << ", expected " << expected;
  Fail(file, line, what.str());
}

inline void Skip(const std::string& reason) {
  const char* require = std::getenv("OOMWATCHER_REQUIRE_ALL");
  if (require != nullptr && std::string(require) == "1") {
    Fail("requirement", 0, reason);
    return;
  }
  skipped = true;
  skip_reason = reason;
}

}  // namespace check

#define CHECK_CONCAT_(a, b) a##b
#define CHECK_JOIN_(a, b) CHECK_CONCAT_(a, b)
#define TEST(name)                                                      \
  static void CHECK_JOIN_(Test, __LINE__)();                            \
  static const check::Registration CHECK_JOIN_(registration, __LINE__)( \
      name, CHECK_JOIN_(Test, __LINE__));                               \
  static void CHECK_JOIN_(Test, __LINE__)()
#define CHECK(condition) \
  ((condition) ? void() : check::Fail(__FILE__, __LINE__, "not true: " #condition))
#define CHECK_EQ(actual, expected) check::Equal(__FILE__, __LINE__, #actual, (actual), (expected))
