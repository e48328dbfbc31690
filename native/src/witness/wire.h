/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the program in the kernel (bpf/witness.bpf.c) and its loader have in common. C and C++.
 *
 * A program that an older agent pinned may write these records: whatever changes here changes
 * WITNESS_VERSION too.
 */
#pragma once

#ifdef __cplusplus
namespace kmsg {
#endif

typedef unsigned char witness_u8;
typedef unsigned short witness_u16;
typedef unsigned int witness_u32;
typedef int witness_s32;
typedef unsigned long long witness_u64;

enum {
  WITNESS_VERSION = 1,
  /* The kernel ends a chain of tail calls after 33 (MAX_TAIL_CALL_CNT). */
  WITNESS_LEVELS_MAX = 33,
  /* A cgroup's name has at most 255 bytes (NAME_MAX). */
  WITNESS_NAME_BYTES = 256,
  /* A power of two: the verifier is shown by a mask that an offset lies within. */
  WITNESS_BUFFER_BYTES = 16384,
};

/* An offset of a field that this kernel does not have. */
#define WITNESS_ABSENT 0xffffffffu

/*
 * Where the running kernel keeps what the program reads: bytes from the start of the structure, or
 * values of enums, from its BTF. The program's only read-only map; it is frozen before the program
 * is loaded, so the verifier takes it for constants.
 */
struct witness_layout {
  witness_u32 mark_victim_has_task; /* else the tracepoint has the pid */

  witness_u32 task_pid;
  witness_u32 task_tgid;
  witness_u32 task_comm;
  witness_u32 task_group_leader;
  witness_u32 task_real_parent;
  witness_u32 task_cgroups;
  witness_u32 task_signal;
  witness_u32 task_mm;
  witness_u32 task_real_cred;
  witness_u32 task_start_boottime;
  witness_u32 task_thread_pid;

  witness_u32 signal_oom_score_adj;
  witness_u32 signal_oom_mm; /* set when the process was marked */
  witness_u32 cred_uid;
  witness_u32 pid_level;
  witness_u32 pid_numbers;
  witness_u32 upid_nr;
  witness_u32 upid_bytes;

  witness_u32 css_set_memory; /* the entry of the memory controller */
  witness_u32 css_parent;
  witness_u32 css_cgroup;
  witness_u32 cgroup_kn;
  witness_u32 cgroup_level;
  witness_u32 cgroup_ancestors; /* may be absent */
  witness_u32 cgroup_ancestors_are_ids;
  witness_u32 kernfs_name;
  witness_u32 kernfs_id;

  witness_u32 memcg_css;
  witness_u32 memcg_memory_usage;
  witness_u32 memcg_memory_max;
  witness_u32 memcg_swap_usage; /* v1: of memory and swap. May be absent */
  witness_u32 memcg_swap_max;
  witness_u32 memcg_kills; /* memory_events_local[MEMCG_OOM_KILL] */

  witness_u32 mm_total_vm;
  witness_u32 mm_pgtables_bytes;
  witness_u32 mm_owner;    /* may be absent */
  witness_u32 mm_exe_file; /* may be absent */
  witness_u32 file_dentry;
  witness_u32 dentry_name;
  witness_u32 mm_rss_file;
  witness_u32 mm_rss_anon;
  witness_u32 mm_rss_swap;
  witness_u32 mm_rss_shmem;
  /* The sizes are sums without what each CPU has not added yet (percpu_counter, Linux 6.2). */
  witness_u32 rss_is_approximate;

  witness_u32 oc_memcg;
  witness_u32 oc_gfp_mask;
  witness_u32 oc_order;
  witness_u32 oc_constraint; /* may be absent */
};

enum witness_kind {
  /* A process that the OOM killer killed. */
  WITNESS_KILL = 1,
  /* One that it sent SIGKILL because it shares the victim's memory: no line, and not counted. */
  WITNESS_SHARER = 2,
  /* The first victim of a group, which is killed and counted once more as a member of it. */
  WITNESS_AGAIN = 3,
};

enum witness_flag {
  WITNESS_HAS_NUMBER = 1 << 0,
  WITNESS_HAS_SIZES = 1 << 1,
  WITNESS_SIZES_APPROXIMATE = 1 << 2,
  WITNESS_HAS_NAMESPACE = 1 << 3,
  /* The kernel's own word of this kill: the fields of oom_control. */
  WITNESS_HAS_CONTROL = 1 << 4,
  /* The chain of cgroups goes on, and was cut. */
  WITNESS_CHAIN_CUT = 1 << 5,
  WITNESS_TRIGGER_CHAIN_CUT = 1 << 6,
  /* Levels say whether they are above the trigger too. */
  WITNESS_KNOWS_TRIGGER_LEVELS = 1 << 7,
};

enum witness_level_flag {
  WITNESS_LEVEL_IS_LIMIT = 1 << 0, /* oom_control names it */
  WITNESS_LEVEL_IS_ABOVE_TRIGGER = 1 << 1,
  WITNESS_LEVEL_HAS_SWAP = 1 << 2,
  WITNESS_LEVEL_OF_TRIGGER = 1 << 3, /* of the trigger's chain, which follows the victim's */
};

/* Sizes are pages, except where bytes are said. */
struct witness_record {
  witness_u32 bytes; /* with the levels */
  witness_u8 version;
  witness_u8 kind;
  witness_u8 levels; /* of the victim's chain and the trigger's */
  witness_u8 reserved;
  witness_u32 flags;
  witness_u32 reserved_2;
  witness_u64 sequence; /* counts what was to be written: a gap is a loss */
  witness_u64 dropped;  /* because the ring was full, until now */
  witness_u64 monotonic_ns;

  witness_s32 pid;
  witness_s32 tgid;
  witness_u64 start_boottime_ns;
  witness_u32 uid;
  witness_s32 oom_score_adj;
  witness_s32 namespace_level;
  witness_s32 namespace_pid; /* of the process in the innermost one */
  witness_u64 total_vm;
  witness_u64 anon;
  witness_u64 file;
  witness_u64 shmem;
  witness_u64 swap;
  witness_u64 page_table_bytes;

  /* The kernel's own number of the kill, and the cgroup that counted it. */
  witness_u64 number;
  witness_u64 number_cgroup_id;

  witness_s32 trigger_pid;
  witness_s32 trigger_tgid;
  witness_u64 trigger_cgroup_id;

  witness_u64 limit_cgroup_id; /* 0: none, the host itself was out of memory */
  witness_u32 gfp_mask;
  witness_s32 order;
  witness_s32 constraint; /* -1: not known */
  witness_s32 parent_tgid;

  witness_u8 comm[16];
  witness_u8 trigger_comm[16];
  witness_u8 parent_comm[16];
  witness_u8 executable[WITNESS_NAME_BYTES];
};

/* After the record: each level's name follows it, and zeros up to a multiple of eight. */
struct witness_level {
  witness_u64 id; /* of the cgroup: its directory's inode number */
  witness_u64 usage;
  witness_u64 limit;
  witness_u64 swap_usage;
  witness_u64 swap_limit;
  witness_u64 kills;
  witness_u32 flags;
  witness_u32 name_bytes; /* without the NUL; the root has none */
};

/* What the program keeps from call to call; its only writable data. The program itself goes on
 * without its loader, so all of it must be right from zeros. */
struct witness_state {
  witness_u64 sequence;
  witness_u64 dropped;
  /* Marks of processes that were dying already: no kills. */
  witness_u64 dying;
  /* Marks that no evidence decided: told as nothing. */
  witness_u64 undecided;

  /* The kill in progress. Kills are serialized by the kernel's oom_lock. */
  witness_u64 sender;
  witness_u64 victim_mm;
  witness_u32 levels;
  witness_u32 reserved;
  witness_u64 cursor; /* the next css of the chain */
  witness_u64 trigger_css;
  witness_u64 trigger_cgroup;
  witness_u64 limit_memcg;
  witness_u32 in_trigger_chain;
  witness_u32 offset; /* of the next level in the buffer */

  /* Apart from the buffer: a relative may be told while another CPU's kill is being written. */
  struct witness_record relative;

  /* The verifier lets an offset below WITNESS_BUFFER_BYTES have one more level behind it. */
  witness_u8 buffer[WITNESS_BUFFER_BYTES + 512];
};

/* Which task has sent SIGKILL to which, with the kernel's own right. By sending task. */
struct witness_signal {
  witness_u64 task;
  witness_u64 monotonic_ns;
  witness_s32 pid;
  witness_u32 reserved;
};

/* What a task that is inside oom_kill_process was called with. */
struct witness_control {
  witness_u64 memcg;
  witness_u32 gfp_mask;
  witness_s32 order;
  witness_s32 constraint;
  witness_u32 reserved;
};

#ifdef __cplusplus
static_assert(sizeof(witness_record) % 8 == 0 && sizeof(witness_level) % 8 == 0);
}  // namespace kmsg
#endif
