#include "../src/memory/memory_text.h"

#include <string>

#include "check.h"

using kmsg::CgroupVersion;
using kmsg::kNoKib;
using kmsg::MemoryStat;
using kmsg::ParseLimit;
using kmsg::ParseMemoryStat;
using kmsg::ParseProcessStat;
using kmsg::ParseProcessStatus;
using kmsg::ProcessSample;

TEST("of v1 the totals count, for the others leave out what is below the cgroup") {
  const MemoryStat stat = ParseMemoryStat(
      CgroupVersion::kV1,
      "cache 1024\nrss 2048\nshmem 1024\nswap 0\ninactive_file 0\ntotal_cache 8192\n"
      "total_rss 4194304\ntotal_rss_huge 9\ntotal_shmem 4096\ntotal_swap 1024\n"
      "total_inactive_file 3072\n");
  CHECK_EQ(stat.file, 8u);
  CHECK_EQ(stat.anon, 4096u);
  CHECK_EQ(stat.shmem, 4u);
  CHECK_EQ(stat.swap, 1u);
  CHECK_EQ(stat.inactive_file, 3u);
  CHECK_EQ(stat.kernel, kNoKib);
}

TEST("of v2 names that begin alike are not mistaken for each other") {
  const MemoryStat stat =
      ParseMemoryStat(CgroupVersion::kV2,
                      "anon 2048\nfile 4096\nkernel 8192\nkernel_stack 16384\nfile_mapped 9\n"
                      "anon_thp 7\nshmem 1024\nshmem_thp 99999\ninactive_file 2048\n");
  CHECK_EQ(stat.anon, 2u);
  CHECK_EQ(stat.file, 4u);
  CHECK_EQ(stat.kernel, 8u);
  CHECK_EQ(stat.shmem, 1u);
  CHECK_EQ(stat.inactive_file, 2u);
  CHECK_EQ(stat.swap, kNoKib);
}

TEST("what is no statistic leaves all unknown") {
  for (const char* text : {"", "anon", "anon \n", "anon x\n", "\n\n\n", " 5\n"}) {
    CHECK_EQ(ParseMemoryStat(CgroupVersion::kV2, text).anon, kNoKib);
  }
}

TEST("no limit is none, in the words of both versions; more than 4 TiB is not taken for none") {
  CHECK_EQ(ParseLimit("max\n"), kNoKib);
  CHECK_EQ(ParseLimit("9223372036854771712\n"), kNoKib);
  CHECK_EQ(ParseLimit(""), kNoKib);
  CHECK_EQ(ParseLimit("33554432\n"), 32768u);
  CHECK_EQ(ParseLimit("0\n"), 0u);
  CHECK_EQ(ParseLimit("8796093022208\n"), kNoKib - 1);
}

TEST("a process that calls itself like the rest of its line does not shift the fields") {
  const std::string rest = " S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 3843400 99 98 97\n";
  ProcessSample process;
  CHECK(ParseProcessStat("7 (python3)" + rest, &process));
  CHECK_EQ(std::string(process.name), std::string("python3"));
  CHECK_EQ(process.start, 3843400u);
  CHECK(ParseProcessStat("7 (a) S 1 1 (b)" + rest, &process));
  CHECK_EQ(std::string(process.name), std::string("a) S 1 1 (b"));
  CHECK_EQ(process.start, 3843400u);
  CHECK(ParseProcessStat("7 ()" + rest, &process));
  CHECK_EQ(std::string(process.name), std::string(""));
  CHECK(ParseProcessStat("7 (0123456789abcdefghij)" + rest, &process));
  CHECK_EQ(std::string(process.name), std::string("0123456789abcde"));
  for (const char* text : {"", "7 (", "7 )(", "7 (a) S 1", "7 (a)"}) {
    CHECK(!ParseProcessStat(text, &process));
  }
}

TEST("one that has ended, or a kernel thread, has no memory") {
  ProcessSample process;
  CHECK(!ParseProcessStatus("Name:\tkthreadd\nPid:\t2\n", &process));
  CHECK(
      ParseProcessStatus("Name:\tRssAnon: 5\nVmRSS:\t 12 kB\nRssAnon:\t    892 kB\n"
                         "RssFile:\t 12 kB\nRssShmem:\t 4 kB\n",
                         &process));
  CHECK_EQ(process.anon, 892u);
  CHECK_EQ(process.file, 12u);
  CHECK_EQ(process.shmem, 4u);
  CHECK_EQ(process.held(), 896u);
}
