#include "kernel_layout.h"

#include "btf.h"

namespace kmsg {
namespace {

constexpr uint32_t kPointerBytes = 8;

struct Field {
  witness_u32 witness_layout::*offset;
  std::string_view type;
  std::string_view path;
  bool required = true;
};

using Layout = witness_layout;

constexpr Field kFields[] = {
    {&Layout::task_pid, "task_struct", "pid"},
    {&Layout::task_tgid, "task_struct", "tgid"},
    {&Layout::task_comm, "task_struct", "comm"},
    {&Layout::task_group_leader, "task_struct", "group_leader"},
    {&Layout::task_real_parent, "task_struct", "real_parent"},
    {&Layout::task_cgroups, "task_struct", "cgroups"},
    {&Layout::task_signal, "task_struct", "signal"},
    {&Layout::task_mm, "task_struct", "mm"},
    {&Layout::task_real_cred, "task_struct", "real_cred"},
    {&Layout::task_start_boottime, "task_struct", "start_boottime"},
    {&Layout::task_thread_pid, "task_struct", "thread_pid"},
    {&Layout::signal_oom_score_adj, "signal_struct", "oom_score_adj"},
    {&Layout::signal_oom_mm, "signal_struct", "oom_mm"},
    {&Layout::cred_uid, "cred", "uid"},
    {&Layout::pid_level, "pid", "level"},
    {&Layout::pid_numbers, "pid", "numbers"},
    {&Layout::upid_nr, "upid", "nr"},
    {&Layout::css_set_memory, "css_set", "subsys"},
    {&Layout::css_parent, "cgroup_subsys_state", "parent"},
    {&Layout::css_cgroup, "cgroup_subsys_state", "cgroup"},
    {&Layout::cgroup_kn, "cgroup", "kn"},
    {&Layout::cgroup_level, "cgroup", "level"},
    {&Layout::kernfs_name, "kernfs_node", "name"},
    {&Layout::kernfs_id, "kernfs_node", "id"},
    {&Layout::memcg_css, "mem_cgroup", "css"},
    {&Layout::memcg_memory_usage, "mem_cgroup", "memory.usage"},
    {&Layout::memcg_memory_max, "mem_cgroup", "memory.max"},
    // Swap alone on v2, memory and swap on v1: they share their place.
    {&Layout::memcg_swap_usage, "mem_cgroup", "swap.usage", false},
    {&Layout::memcg_swap_max, "mem_cgroup", "swap.max", false},
    {&Layout::memcg_kills, "mem_cgroup", "memory_events_local"},
    {&Layout::mm_total_vm, "mm_struct", "total_vm"},
    {&Layout::mm_pgtables_bytes, "mm_struct", "pgtables_bytes"},
    {&Layout::mm_owner, "mm_struct", "owner", false},
    {&Layout::mm_exe_file, "mm_struct", "exe_file", false},
    {&Layout::file_dentry, "file", "f_path.dentry"},
    {&Layout::dentry_name, "dentry", "d_name.name"},
    {&Layout::oc_memcg, "oom_control", "memcg"},
    {&Layout::oc_gfp_mask, "oom_control", "gfp_mask"},
    {&Layout::oc_order, "oom_control", "order"},
    {&Layout::oc_constraint, "oom_control", "constraint", false},
};

class Reader {
 public:
  Reader(const Btf& btf, std::string* missing) : btf_(btf), missing_(missing) {}

  bool Read(KernelLayout* layout) {
    Layout& offsets = layout->offsets;
    for (const Field& field : kFields) {
      if (!ReadOffset(field, &(offsets.*field.offset))) return false;
    }
    layout->oom_kill_process = btf_.Find(BtfKind::kFunction, "oom_kill_process");
    return ReadIndexes(&offsets) && ReadSizes(&offsets) && ReadTracepoint(&offsets) &&
           ReadAncestors(&offsets);
  }

 private:
  bool Lacks(std::string what) {
    *missing_ = std::move(what);
    return false;
  }

  std::optional<Btf::Member> Find(std::string_view type, std::string_view path) const {
    return btf_.FindMember(btf_.Find(BtfKind::kStruct, type), path);
  }

  bool ReadOffset(const Field& field, witness_u32* offset) {
    const std::optional<Btf::Member> member = Find(field.type, field.path);
    *offset = member ? member->byte_offset : WITNESS_ABSENT;
    return member || !field.required ||
           Lacks(std::string(field.type) + '.' + std::string(field.path));
  }

  bool ReadValue(std::string_view type, std::string_view name, uint32_t* value) {
    const std::optional<uint32_t> found = btf_.FindValue(btf_.Find(BtfKind::kEnum, type), name);
    if (found) *value = *found;
    return found || Lacks(std::string(name));
  }

  bool ReadIndexes(Layout* offsets) {
    uint32_t memory, kill;
    if (!ReadValue("cgroup_subsys_id", "memory_cgrp_id", &memory) ||
        !ReadValue("memcg_memory_event", "MEMCG_OOM_KILL", &kill)) {
      return false;
    }
    offsets->css_set_memory += memory * kPointerBytes;
    offsets->memcg_kills += kill * 8;
    offsets->upid_bytes = btf_.SizeOf(btf_.Find(BtfKind::kStruct, "upid"));
    return offsets->upid_bytes != 0 || Lacks("upid");
  }

  bool ReadSizes(Layout* offsets) {
    const std::optional<Btf::Member> stat = Find("mm_struct", "rss_stat");
    if (!stat) return Lacks("mm_struct.rss_stat");
    uint32_t first = stat->byte_offset;
    uint32_t stride = 8;
    const uint32_t type = btf_.Resolve(stat->type);
    offsets->rss_is_approximate = btf_.KindOf(type) == BtfKind::kArray;
    if (offsets->rss_is_approximate) {
      const uint32_t counter = btf_.TargetOf(type);
      const std::optional<Btf::Member> count = btf_.FindMember(counter, "count");
      stride = btf_.SizeOf(counter);
      if (!count || stride == 0) return Lacks("percpu_counter.count");
      first += count->byte_offset;
    } else {
      const std::optional<Btf::Member> count = btf_.FindMember(type, "count");
      if (!count) return Lacks("mm_rss_stat.count");
      first += count->byte_offset;
    }
    const struct {
      witness_u32 Layout::*offset;
      std::string_view name;
    } counters[] = {{&Layout::mm_rss_file, "MM_FILEPAGES"},
                    {&Layout::mm_rss_anon, "MM_ANONPAGES"},
                    {&Layout::mm_rss_swap, "MM_SWAPENTS"},
                    {&Layout::mm_rss_shmem, "MM_SHMEMPAGES"}};
    for (const auto& [offset, name] : counters) {
      uint32_t index;
      // The enum has no name; this is its first value.
      if (!ReadValue("MM_FILEPAGES", name, &index)) return false;
      offsets->*offset = first + index * stride;
    }
    return true;
  }

  /** mark_victim had the pid until Linux 6.10, and has the task since, also in some older stable
   * series (5.10.262). */
  bool ReadTracepoint(Layout* offsets) {
    const uint32_t pointer = btf_.Resolve(btf_.Find(BtfKind::kTypedef, "btf_trace_mark_victim"));
    // The first parameter is the tracepoint's own.
    const uint32_t argument = btf_.Resolve(btf_.ParameterOf(btf_.TargetOf(pointer), 1));
    if (argument == 0) return Lacks("the tracepoint mark_victim");
    offsets->mark_victim_has_task = btf_.KindOf(argument) == BtfKind::kPointer;
    return true;
  }

  /** Pointers since Linux 6.1, before that numbers. */
  bool ReadAncestors(Layout* offsets) {
    const std::optional<Btf::Member> pointers = Find("cgroup", "ancestors");
    const std::optional<Btf::Member> ids = Find("cgroup", "ancestor_ids");
    offsets->cgroup_ancestors = pointers ? pointers->byte_offset
                                : ids    ? ids->byte_offset
                                         : WITNESS_ABSENT;
    offsets->cgroup_ancestors_are_ids = !pointers && ids;
    return true;
  }

  const Btf& btf_;
  std::string* const missing_;
};

}  // namespace

std::optional<KernelLayout> ReadKernelLayout(std::string_view bytes, std::string* missing) {
  const std::optional<Btf> btf =
      Btf::Read(bytes, {"task_struct", "signal_struct", "cred", "pid", "upid", "css_set", "cgroup",
                        "cgroup_subsys_state", "kernfs_node", "mem_cgroup", "mm_struct", "file",
                        "dentry", "oom_control", "MM_FILEPAGES", "cgroup_subsys_id",
                        "oom_kill_process", "memcg_memory_event", "btf_trace_mark_victim"});
  if (!btf) {
    *missing = "types that this version can read";
    return std::nullopt;
  }
  KernelLayout layout = {};
  if (!Reader(*btf, missing).Read(&layout)) return std::nullopt;
  return layout;
}

}  // namespace kmsg
