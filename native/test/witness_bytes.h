#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "../src/witness/wire.h"

/** A record as the program in the kernel writes it. */
inline std::string WitnessBytes(int pid, const std::vector<std::string>& level_names = {""}) {
  std::string levels;
  for (const std::string& name : level_names) {
    kmsg::witness_level level = {};
    level.id = 7;
    level.name_bytes = static_cast<kmsg::witness_u32>(name.size());
    levels.append(reinterpret_cast<const char*>(&level), sizeof level);
    levels += name;
    levels.append((8 - name.size() % 8) % 8, '\0');
  }
  kmsg::witness_record record = {};
  record.version = kmsg::WITNESS_VERSION;
  record.kind = kmsg::WITNESS_KILL;
  record.levels = static_cast<kmsg::witness_u8>(level_names.size());
  record.bytes = static_cast<kmsg::witness_u32>(sizeof record + levels.size());
  record.pid = record.tgid = pid;
  return std::string(reinterpret_cast<const char*>(&record), sizeof record) + levels;
}
