#include "../src/core/record.h"

#include <string>

#include "check.h"

using kmsg::Record;
using kmsg::SplitRecord;

namespace {

Record Split(std::string_view bytes) {
  Record record;
  if (!SplitRecord(bytes, &record))
    check::Fail(__FILE__, __LINE__, "rejected: " + std::string(bytes));
  return record;
}

bool Rejects(std::string_view bytes) {
  Record record;
  return !SplitRecord(bytes, &record);
}

}  // namespace

TEST("a whole record is split into its parts") {
  const Record record = Split("6,1,2,-;x\n");
  CHECK_EQ(record.priority, 6);
  CHECK(record.from_kernel());
  CHECK_EQ(record.seq, 1u);
  CHECK_EQ(record.timestamp_us, 2u);
  CHECK_EQ(record.flag, '-');
  CHECK(!record.fragment());
  CHECK_EQ(record.text, "x");
  CHECK_EQ(record.whole, "6,1,2,-;x\n");
}

TEST("a record of user space is never taken for the kernel's") {
  CHECK(!Split("8,1,2,-;x\n").from_kernel());
  CHECK_EQ(Split("30,1,2,-;x\n").priority, 30);
  CHECK_EQ(Split("191,1,2,-;x\n").priority, 191);
  CHECK_EQ(Split("2047,1,2,-;x\n").priority, 2047);
  CHECK(!Split("2047,1,2,-;x\n").from_kernel());
  CHECK(Rejects("2048,1,2,-;x\n"));
  // Facility 0 in 16 bits, were the number cut instead of rejected.
  CHECK(Rejects("65536,1,2,-;x\n"));
}

TEST("the largest sequence number loses no bit") {
  CHECK_EQ(Split("6,18446744073709551615,2,-;x\n").seq, 18446744073709551615u);
  CHECK(Rejects("6,18446744073709551616,2,-;x\n"));
  CHECK(Rejects("6,99999999999999999999,2,-;x\n"));
  CHECK_EQ(Split("6,1,18446744073709551615,-;x\n").timestamp_us, 18446744073709551615u);
}

TEST("fields that a newer kernel adds are ignored") {
  CHECK_EQ(Split("6,1,2,-,caller=T123;x\n").text, "x");
  CHECK_EQ(Split("6,1,2,-,caller=T123,foo=bar,baz;x\n").flag, '-');
}

TEST("any flag is accepted, an empty one is none") {
  CHECK_EQ(Split("6,1,2,c;x\n").flag, 'c');
  CHECK(Split("6,1,2,c;x\n").fragment());
  CHECK(Split("6,1,2,+;x\n").fragment());
  CHECK_EQ(Split("6,1,2,?;x\n").flag, '?');
  CHECK_EQ(Split("6,1,2,;x\n").flag, 0);
  CHECK_EQ(Split("6,1,2,,caller=C1;x\n").flag, 0);
  CHECK(!Split("6,1,2,;x\n").fragment());
}

TEST("an empty text is a record") {
  CHECK_EQ(Split("6,1,2,c;\n").text, "");
  CHECK_EQ(Split("6,1,2,c;").text, "");
}

TEST("a record that was cut at 2048 bytes has no newline") {
  const std::string whole = "6,1,2,-;" + std::string(2040, 'x');
  CHECK_EQ(Split(whole).text.size(), 2040u);
  CHECK_EQ(Split("6,1,2,-;x\\x0").text, "x\\x0");
  CHECK_EQ(Split("6,1,2,-;x\\x").text, "x\\x");
  CHECK_EQ(Split("6,1,2,-;x\\").text, "x\\");
}

TEST("a semicolon in the text does not end the prefix") {
  CHECK_EQ(Split("6,1,2,-;a;b\n").text, "a;b");
}

TEST("dictionary lines are not text") {
  CHECK_EQ(Split("6,1,2,-;x\n SUBSYSTEM=acpi\n DEVICE=+acpi:1\n").text, "x");
  CHECK_EQ(Split("6,1,2,-;\n SUBSYSTEM=acpi\n").text, "");
}

TEST("an escaped newline does not forge a dictionary line") {
  CHECK_EQ(Split("6,1,2,-;x\\x0a SUBSYSTEM=x\n").text, "x\\x0a SUBSYSTEM=x");
}

TEST("bytes that no kernel writes are passed on in the text") {
  CHECK_EQ(Split({"6,1,2,-;a\0b\xff\n", 13}).text, std::string_view("a\0b\xff", 4));
}

TEST("malformed prefixes are rejected") {
  for (const char* bytes : {"",
                            "\n",
                            ";",
                            "x",
                            "6,1,2,-",
                            "6,1,2,-x\n",
                            "6,1,2;x\n",
                            "6,1;x\n",
                            "6;x\n",
                            ",1,2,-;x\n",
                            "6,,2,-;x\n",
                            "6,1,,-;x\n",
                            "a,1,2,-;x\n",
                            "6,b,2,-;x\n",
                            "6,1,c,-;x\n",
                            "-6,1,2,-;x\n",
                            "+6,1,2,-;x\n",
                            " 6,1,2,-;x\n",
                            "6, 1,2,-;x\n",
                            "6,1.5,2,-;x\n",
                            "6,0x1,2,-;x\n",
                            ";6,1,2,-;x\n",
                            " SUBSYSTEM=acpi\n"}) {
    if (!Rejects(bytes)) check::Fail(__FILE__, __LINE__, std::string("accepted: ") + bytes);
  }
}
