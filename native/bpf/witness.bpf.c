/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The witness of OOM kills in the kernel. It writes one record for each kill at the moment at which
 * the kernel makes it, with all that the kernel knows then.
 *
 * mark_oom_victim alone is no kill: the kernel also marks processes that are dying already
 * (task_will_free_mem, mm/oom_kill.c). A kill is a mark after the kernel's own SIGKILL by the same
 * task, with the kill's number raised. The order inside one kill, under oom_lock: oom_kill_process,
 * the count, signal_generate, mark_victim, the line "Killed process", signals to processes that
 * share the memory.
 *
 * Long, because a program of the kernel is one object, and its parts share what the verifier
 * allows.
 *
 * Compiled by compile.sh into src/witness/program.h. Nothing here is relocated against kernel
 * headers or a version: every offset comes from `layout`, which the loader fills from the running
 * kernel's BTF.
 */
#include "../src/witness/wire.h"

typedef witness_u8 u8;
typedef witness_u16 u16;
typedef witness_u32 u32;
typedef witness_s32 s32;
typedef witness_u64 u64;

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))

/* The numbers of helpers are the kernel's ABI (include/uapi/linux/bpf.h). */
static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static long (*const map_update)(void *map, const void *key, const void *value,
                                u64 flags) = (void *)2;
static long (*const map_delete)(void *map, const void *key) = (void *)3;
static u64 (*const ktime_get_ns)(void) = (void *)5;
static long (*const tail_call)(void *context, void *programs, u32 index) = (void *)12;
static u64 (*const get_current_pid_tgid)(void) = (void *)14;
static long (*const get_current_comm)(void *to, u32 bytes) = (void *)16;
static u64 (*const get_current_task)(void) = (void *)35;
static long (*const probe_read_kernel)(void *to, u32 bytes, const void *from) = (void *)113;
static long (*const probe_read_kernel_str)(void *to, u32 bytes, const void *from) = (void *)115;
static long (*const ringbuf_output)(void *ring, void *from, u64 bytes, u64 flags) = (void *)130;

/* The loader makes these maps; here they are only names. */
SECTION("maps") int ring;
SECTION("maps") int programs;
SECTION("maps") int signals;
SECTION("maps") int controls;
SECTION("maps") int numbers;

SECTION(".rodata") const volatile struct witness_layout layout = {};
SECTION(".bss") struct witness_state state;

enum { sigkill = 9, send_sig_priv = 1, ns_per_ms = 1000000 };

/* The ring wakes a reader only that has given back all it read, and ours gives back late. */
enum { force_wakeup = 1 << 1 }; /* BPF_RB_FORCE_WAKEUP */

/* From the signal to the mark it is some 40 us without a sleep in between; longer only where the
 * task was put off its CPU. */
enum { undecided_after_ns = 1000 * ns_per_ms };

INLINE u64 read_u64(u64 from, u32 offset) {
  u64 value = 0;
  probe_read_kernel(&value, sizeof value, (void *)(from + offset));
  return value;
}

INLINE u32 read_u32(u64 from, u32 offset) {
  u32 value = 0;
  probe_read_kernel(&value, sizeof value, (void *)(from + offset));
  return value;
}

/* What the verifier is to believe of a number may not be optimized away by the compiler. */
#define MASKED(value, mask)                              \
  ({                                                     \
    u64 masked = (value);                                \
    asm volatile("%0 &= %1" : "+r"(masked) : "i"(mask)); \
    masked;                                              \
  })

INLINE u64 memory_css(u64 task) {
  u64 css_set = read_u64(task, layout.task_cgroups);
  return css_set == 0 ? 0 : read_u64(css_set, layout.css_set_memory);
}

INLINE u64 cgroup_id(u64 css) {
  u64 cgroup = css == 0 ? 0 : read_u64(css, layout.css_cgroup);
  u64 node = cgroup == 0 ? 0 : read_u64(cgroup, layout.cgroup_kn);
  return node == 0 ? 0 : read_u64(node, layout.kernfs_id);
}

/* The kernel counts a kill in the cgroup of the mm's owner (memcg_memory_event_mm). */
INLINE u64 counting_css(u64 task, u64 mm) {
  u64 owner = mm == 0 || layout.mm_owner == WITNESS_ABSENT ? 0 : read_u64(mm, layout.mm_owner);
  return memory_css(owner == 0 ? task : owner);
}

INLINE u64 kill_number(u64 css) { return read_u64(css - layout.memcg_css, layout.memcg_kills); }

INLINE void output(struct witness_record *record, u64 bytes) {
  if (ringbuf_output(&ring, record, bytes, force_wakeup) != 0) state.dropped++;
}

/* The name of the file that a process runs. */
INLINE void read_executable(struct witness_record *record, u64 mm) {
  if (layout.mm_exe_file == WITNESS_ABSENT) return;
  u64 file = read_u64(mm, layout.mm_exe_file);
  u64 dentry = file == 0 ? 0 : read_u64(file, layout.file_dentry);
  u64 name = dentry == 0 ? 0 : read_u64(dentry, layout.dentry_name);
  if (name == 0) return;
  probe_read_kernel_str(record->executable, sizeof record->executable, (void *)name);
}

INLINE void read_sizes(struct witness_record *record, u64 mm) {
  record->total_vm = read_u64(mm, layout.mm_total_vm);
  record->anon = read_u64(mm, layout.mm_rss_anon);
  record->file = read_u64(mm, layout.mm_rss_file);
  record->shmem = read_u64(mm, layout.mm_rss_shmem);
  record->swap = read_u64(mm, layout.mm_rss_swap);
  record->page_table_bytes = read_u64(mm, layout.mm_pgtables_bytes);
  record->flags |= WITNESS_HAS_SIZES;
  if (layout.rss_is_approximate) record->flags |= WITNESS_SIZES_APPROXIMATE;
}

INLINE void read_namespace(struct witness_record *record, u64 leader) {
  u64 pid = read_u64(leader, layout.task_thread_pid);
  if (pid == 0) return;
  u32 level = read_u32(pid, layout.pid_level);
  record->namespace_level = level;
  record->namespace_pid =
      read_u32(pid + (u64)level * layout.upid_bytes, layout.pid_numbers + layout.upid_nr);
  record->flags |= WITNESS_HAS_NAMESPACE;
}

INLINE void read_task(struct witness_record *record, u64 task) {
  record->pid = read_u32(task, layout.task_pid);
  record->tgid = read_u32(task, layout.task_tgid);
  probe_read_kernel(record->comm, sizeof record->comm, (void *)(task + layout.task_comm));
  /* It lives as long as its threads do. */
  u64 leader = read_u64(task, layout.task_group_leader);
  record->start_boottime_ns = read_u64(leader, layout.task_start_boottime);
  read_namespace(record, leader);
  u64 credentials = read_u64(task, layout.task_real_cred);
  record->uid = read_u32(credentials, layout.cred_uid);
  u64 signal = read_u64(task, layout.task_signal);
  record->oom_score_adj = (s32)(short)read_u32(signal, layout.signal_oom_score_adj);
  u64 parent = read_u64(task, layout.task_real_parent);
  record->parent_tgid = read_u32(parent, layout.task_tgid);
  probe_read_kernel(record->parent_comm, sizeof record->parent_comm,
                    (void *)(parent + layout.task_comm));
}

INLINE void begin(struct witness_record *record, u8 kind) {
  __builtin_memset(record, 0, sizeof *record);
  record->version = WITNESS_VERSION;
  record->kind = kind;
  record->bytes = sizeof *record;
  record->sequence = ++state.sequence;
  record->dropped = state.dropped;
  record->monotonic_ns = ktime_get_ns();
  record->constraint = -1;
}

INLINE void read_number(struct witness_record *record, u64 css) {
  record->number = kill_number(css);
  record->number_cgroup_id = cgroup_id(css);
  record->flags |= WITNESS_HAS_NUMBER;
}

/* A process that dies with the victim because it shares its memory, or one that is killed once
 * more: a group's first victim is killed, counted and printed again as a member of it, but not
 * marked. */
INLINE void tell_relative(u64 task, u64 mm) {
  struct witness_record *record = &state.relative;
  int again = read_u64(read_u64(task, layout.task_signal), layout.signal_oom_mm) != 0;
  if (!again && mm != state.victim_mm) return;
  u64 number = 0;
  u64 id = 0;
  if (again) {
    u64 css = counting_css(task, mm);
    if (css == 0) return;
    number = kill_number(css);
    id = cgroup_id(css);
    u64 *told = map_lookup(&numbers, &id);
    if (told == 0 || number <= *told) return;
    map_update(&numbers, &id, &number, 0);
  }
  begin(record, again ? WITNESS_AGAIN : WITNESS_SHARER);
  read_task(record, task);
  if (again) {
    record->number = number;
    record->number_cgroup_id = id;
    record->flags |= WITNESS_HAS_NUMBER;
  }
  output(record, sizeof *record);
}

SECTION("signal_generate") int on_signal_generate(u64 *arguments) {
  if (arguments[0] != sigkill || arguments[1] != send_sig_priv) return 0;
  u64 sender = get_current_task();
  u64 task = arguments[2];
  u64 mm = read_u64(task, layout.task_mm);
  if (sender == state.sender && mm != 0) tell_relative(task, mm);
  struct witness_signal signal = {};
  signal.task = task;
  signal.monotonic_ns = ktime_get_ns();
  signal.pid = read_u32(task, layout.task_pid);
  /* By sender: the end of a pid namespace on another CPU sends the same signal. */
  map_update(&signals, &sender, &signal, 0);
  return 0;
}

INLINE int is_kill(u64 css, u64 monotonic_ns) {
  u64 id = cgroup_id(css);
  u64 number = kill_number(css);
  u64 *told = map_lookup(&numbers, &id);
  if (number == 0 || (told != 0 && number <= *told)) {
    state.dying++;
    return 0;
  }
  if (told == 0 && ktime_get_ns() - monotonic_ns > undecided_after_ns) {
    state.undecided++;
    return 0;
  }
  map_update(&numbers, &id, &number, 0);
  return 1;
}

INLINE void read_control(struct witness_record *record, u64 sender) {
  struct witness_control *control = map_lookup(&controls, &sender);
  state.limit_memcg = 0;
  if (control == 0) return;
  record->flags |= WITNESS_HAS_CONTROL;
  record->gfp_mask = control->gfp_mask;
  record->order = control->order;
  record->constraint = control->constraint;
  if (control->memcg == 0) return;
  state.limit_memcg = control->memcg;
  record->limit_cgroup_id = cgroup_id(control->memcg + layout.memcg_css);
}

SECTION("mark_victim") int on_mark_victim(u64 *arguments) {
  u64 sender = get_current_task();
  struct witness_signal *signal = map_lookup(&signals, &sender);
  if (signal == 0 || (layout.mark_victim_has_task ? arguments[0] != signal->task
                                                  : (s32)arguments[0] != signal->pid)) {
    state.dying++;
    return 0;
  }
  u64 task = signal->task;
  u64 signalled_ns = signal->monotonic_ns;
  map_delete(&signals, &sender);
  u64 mm = read_u64(task, layout.task_mm);
  u64 css = counting_css(task, mm);
  if (css == 0 || !is_kill(css, signalled_ns)) return 0;

  struct witness_record *record = (void *)state.buffer;
  begin(record, WITNESS_KILL);
  read_task(record, task);
  read_number(record, css);
  if (mm != 0) {
    read_sizes(record, mm);
    read_executable(record, mm);
  }
  read_control(record, sender);

  u64 asked_by = get_current_pid_tgid();
  record->trigger_pid = (u32)asked_by;
  record->trigger_tgid = asked_by >> 32;
  get_current_comm(record->trigger_comm, sizeof record->trigger_comm);

  state.sender = sender;
  state.victim_mm = mm;
  state.cursor = memory_css(task);
  state.trigger_css = memory_css(sender);
  state.trigger_cgroup =
      state.trigger_css == 0 ? 0 : read_u64(state.trigger_css, layout.css_cgroup);
  record->trigger_cgroup_id = cgroup_id(state.trigger_css);
  if (layout.cgroup_ancestors != WITNESS_ABSENT && state.trigger_cgroup != 0)
    record->flags |= WITNESS_KNOWS_TRIGGER_LEVELS;
  if (state.trigger_css == state.cursor) state.trigger_css = 0;
  state.in_trigger_chain = 0;
  state.levels = 0;
  state.offset = sizeof *record;

  tail_call(arguments, &programs, 0);
  /* Not reached, unless somebody took the program away. */
  record->flags |= WITNESS_CHAIN_CUT;
  output(record, sizeof *record);
  return 0;
}

INLINE int is_above_trigger(u64 cgroup, u64 id) {
  u64 trigger = state.trigger_cgroup;
  if (layout.cgroup_ancestors == WITNESS_ABSENT || trigger == 0) return 0;
  u32 level = read_u32(cgroup, layout.cgroup_level);
  if (level > read_u32(trigger, layout.cgroup_level)) return 0;
  u64 ancestor = read_u64(trigger + (u64)level * 8, layout.cgroup_ancestors);
  return ancestor == (layout.cgroup_ancestors_are_ids ? id : cgroup);
}

/* One level of a chain, and the next one by a tail call. A loop would be verified once for each
 * turn: 32 levels took 46 to 100 ms, and with branches in it were refused. */
SECTION("level") int on_level(u64 *arguments) {
  struct witness_record *record = (void *)state.buffer;
  u64 css = state.cursor;
  if (css != 0) {
    u64 offset = MASKED(state.offset, WITNESS_BUFFER_BYTES - 1);
    struct witness_level *level = (void *)(state.buffer + offset);
    u64 cgroup = read_u64(css, layout.css_cgroup);
    u64 node = read_u64(cgroup, layout.cgroup_kn);
    u64 memcg = css - layout.memcg_css;
    u32 flags = state.in_trigger_chain ? WITNESS_LEVEL_OF_TRIGGER : 0;
    level->id = read_u64(node, layout.kernfs_id);
    level->usage = read_u64(memcg, layout.memcg_memory_usage);
    level->limit = read_u64(memcg, layout.memcg_memory_max);
    level->swap_usage = 0;
    level->swap_limit = 0;
    if (layout.memcg_swap_usage != WITNESS_ABSENT) {
      level->swap_usage = read_u64(memcg, layout.memcg_swap_usage);
      level->swap_limit = read_u64(memcg, layout.memcg_swap_max);
      flags |= WITNESS_LEVEL_HAS_SWAP;
    }
    level->kills = read_u64(memcg, layout.memcg_kills);
    if (memcg == state.limit_memcg) flags |= WITNESS_LEVEL_IS_LIMIT;
    if (is_above_trigger(cgroup, level->id)) flags |= WITNESS_LEVEL_IS_ABOVE_TRIGGER;
    level->flags = flags;
    long length = probe_read_kernel_str((u8 *)level + sizeof *level, WITNESS_NAME_BYTES,
                                        (void *)read_u64(node, layout.kernfs_name));
    u64 name_bytes = length > 0 ? length - 1 : 0;
    level->name_bytes = name_bytes;
    state.offset = offset + sizeof *level + ((name_bytes + 7) & ~7ull);
    state.levels++;
    state.cursor = read_u64(css, layout.css_parent);
  }
  if (state.cursor == 0 && !state.in_trigger_chain) {
    state.in_trigger_chain = 1;
    state.cursor = state.trigger_css;
  }
  if (state.cursor != 0) {
    /* The kernel refuses the last ones of a long chain. */
    tail_call(arguments, &programs, 0);
    record->flags |= state.in_trigger_chain ? WITNESS_TRIGGER_CHAIN_CUT : WITNESS_CHAIN_CUT;
  }
  record->levels = state.levels;
  u64 bytes = MASKED(state.offset, WITNESS_BUFFER_BYTES - 1);
  record->bytes = bytes;
  output(record, bytes);
  return 0;
}

/* These two are loaded as fentry and fexit of oom_kill_process(oc, message), where that may be. */
SECTION("oom_kill_process") int on_oom_kill_process(u64 *arguments) {
  u64 sender = get_current_task();
  u64 oc = arguments[0];
  struct witness_control control = {};
  control.memcg = read_u64(oc, layout.oc_memcg);
  control.gfp_mask = read_u32(oc, layout.oc_gfp_mask);
  control.order = read_u32(oc, layout.oc_order);
  control.constraint =
      layout.oc_constraint == WITNESS_ABSENT ? -1 : (s32)read_u32(oc, layout.oc_constraint);
  map_update(&controls, &sender, &control, 0);
  return 0;
}

SECTION("oom_kill_process_end") int on_oom_kill_process_end(void) {
  u64 sender = get_current_task();
  map_delete(&controls, &sender);
  state.sender = 0;
  return 0;
}
