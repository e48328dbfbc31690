#include "check.h"

/**
 * TSan knows one table of descriptors a process. Threads of ours have their own (UnshareFileTable):
 * what another thread closes is another file there.
 */
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:closedir\nrace_top:close\nrace_top:fclose\nrace_top:fopen64\n";
}

int main(int, char** arguments) {
  int failed = 0;
  int skipped = 0;
  for (const check::Test& test : check::Tests()) {
    const int before = check::failures;
    check::skipped = false;
    try {
      test.body();
    } catch (const std::exception& error) {
      check::Fail(test.name, 0, error.what());
    }
    if (check::skipped) {
      skipped++;
      std::printf("skipped: %s (skipped: %s)\n", test.name, check::skip_reason.c_str());
    }
    if (check::failures == before) continue;
    failed++;
    std::fprintf(stderr, "FAILED: %s\n", test.name);
  }
  std::printf("native C++ tests, %s: %zu tests, %d failed, %d skipped\n", arguments[1],
              check::Tests().size(), failed, skipped);
  return failed == 0 ? 0 : 1;
}
