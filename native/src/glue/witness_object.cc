#include "witness_object.h"

#include <unistd.h>

#include <cstdint>
#include <string>

#include "fields.h"

namespace kmsg {
namespace {

class Converter {
 public:
  explicit Converter(napi_env env) : env_(env) {
    const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    page_kib_ = page / 1024;
    no_limit_ = static_cast<uint64_t>(INT64_MAX) / page;
  }

  Fields Record(const Witnessed& witnessed) const {
    const witness_record& from = witnessed.fields;
    Fields record(env_);
    record.Set("kind", KindOf(from.kind));
    record.Set("sequence", from.sequence);
    record.Set("dropped", from.dropped);
    record.Set("monotonicUs", static_cast<double>(from.monotonic_ns) / 1e3);
    record.Set("takenMonotonicUs", witnessed.taken_us);
    record.Set("process", Process(from));
    if ((from.flags & WITNESS_HAS_NUMBER) != 0) {
      record.Set("number", from.number);
      record.SetBigInt("numberCgroupId", from.number_cgroup_id);
    }
    if (from.kind != WITNESS_KILL) return record;
    record.Set("trigger", Trigger(witnessed));
    record.Set("levels", Levels(witnessed, false));
    record.Set("levelsCut", (from.flags & WITNESS_CHAIN_CUT) != 0);
    if ((from.flags & WITNESS_HAS_CONTROL) != 0) record.Set("control", Control(from));
    return record;
  }

 private:
  static const char* KindOf(witness_u8 kind) {
    return kind == WITNESS_KILL ? "kill" : kind == WITNESS_SHARER ? "sharer" : "again";
  }

  Fields Process(const witness_record& from) const {
    Fields process(env_);
    process.Set("pid", from.pid);
    process.Set("tgid", from.tgid);
    process.SetLatin1("name", NameOf(from.comm, sizeof from.comm));
    process.SetBigInt("startBoottimeNs", from.start_boottime_ns);
    process.Set("uid", from.uid);
    process.Set("oomScoreAdj", from.oom_score_adj);
    const std::string executable = NameOf(from.executable, sizeof from.executable);
    if (!executable.empty()) process.SetLatin1("executable", executable);
    process.Set("parentPid", from.parent_tgid);
    process.SetLatin1("parentName", NameOf(from.parent_comm, sizeof from.parent_comm));
    if ((from.flags & WITNESS_HAS_NAMESPACE) != 0 && from.namespace_level > 0) {
      process.Set("firstOfPidNamespace", from.namespace_pid == 1);
    }
    if ((from.flags & WITNESS_HAS_SIZES) != 0) {
      process.Set("totalVmKiB", KiB(from.total_vm));
      process.Set("anonRssKiB", KiB(from.anon));
      process.Set("fileRssKiB", KiB(from.file));
      process.Set("shmemRssKiB", KiB(from.shmem));
      process.Set("swapKiB", KiB(from.swap));
      process.Set("pageTablesKiB", from.page_table_bytes / 1024);
      process.Set("sizesApproximate", (from.flags & WITNESS_SIZES_APPROXIMATE) != 0);
    }
    return process;
  }

  Fields Trigger(const Witnessed& witnessed) const {
    const witness_record& from = witnessed.fields;
    Fields trigger(env_);
    trigger.Set("pid", from.trigger_pid);
    trigger.Set("tgid", from.trigger_tgid);
    trigger.SetLatin1("name", NameOf(from.trigger_comm, sizeof from.trigger_comm));
    trigger.SetBigInt("cgroupId", from.trigger_cgroup_id);
    trigger.Set("levels", Levels(witnessed, true));
    trigger.Set("levelsCut", (from.flags & WITNESS_TRIGGER_CHAIN_CUT) != 0);
    return trigger;
  }

  napi_value Levels(const Witnessed& witnessed, bool of_trigger) const {
    const bool knows_trigger = (witnessed.fields.flags & WITNESS_KNOWS_TRIGGER_LEVELS) != 0;
    napi_value levels = nullptr;
    napi_create_array(env_, &levels);
    uint32_t count = 0;
    for (const Witnessed::Level& level : witnessed.levels) {
      const witness_level& from = level.fields;
      if (((from.flags & WITNESS_LEVEL_OF_TRIGGER) != 0) != of_trigger) continue;
      Fields object(env_);
      object.SetBigInt("id", from.id);
      object.SetLatin1("name", level.name);
      object.Set("usageKiB", KiB(from.usage));
      SetLimit(&object, "limitKiB", from.limit);
      if ((from.flags & WITNESS_LEVEL_HAS_SWAP) != 0) {
        object.Set("swapUsageKiB", KiB(from.swap_usage));
        SetLimit(&object, "swapLimitKiB", from.swap_limit);
      }
      object.Set("kills", from.kills);
      if (knows_trigger) {
        object.Set("aboveTrigger", (from.flags & WITNESS_LEVEL_IS_ABOVE_TRIGGER) != 0);
      }
      napi_set_element(env_, levels, count++, object.object());
    }
    return levels;
  }

  Fields Control(const witness_record& from) const {
    Fields control(env_);
    if (from.limit_cgroup_id != 0) control.SetBigInt("limitCgroupId", from.limit_cgroup_id);
    control.Set("gfpMask", from.gfp_mask);
    control.Set("order", from.order);
    if (from.constraint >= 0) control.Set("constraint", from.constraint);
    return control;
  }

  uint64_t KiB(uint64_t pages) const { return pages * page_kib_; }

  void SetLimit(Fields* object, const char* name, uint64_t pages) const {
    if (pages < no_limit_) object->Set(name, KiB(pages));
  }

  const napi_env env_;
  uint64_t page_kib_;
  /** What a page counter holds where there is no limit (PAGE_COUNTER_MAX). */
  uint64_t no_limit_;
};

}  // namespace

napi_value ToObject(napi_env env, const Witnessed& witnessed) {
  return Converter(env).Record(witnessed).object();
}

}  // namespace kmsg
