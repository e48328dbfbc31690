{
  "variables": {
    "address_sanitizer%": "false",
    "thread_sanitizer%": "false"
  },
  "target_defaults": {
    "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
    # A worker may be terminated while it is inside the addon: from then on no call into JavaScript works, not even a
    # throw. Without the last define node-addon-api aborts the process for that.
    "defines": [
      "NAPI_VERSION=8",
      "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
      "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
    ],
    "cflags_cc": [
      "-std=c++17",
      "-fvisibility=hidden",
      "-ffunction-sections",
      "-fdata-sections",
      "-Wall",
      "-Wextra"
    ],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
    "cflags!": ["-O3"],
    "conditions": [
      ["address_sanitizer=='true'", {
        "cflags": ["-fsanitize=address,undefined", "-fno-omit-frame-pointer", "-g"],
        "ldflags": ["-fsanitize=address,undefined"]
      }],
      ["thread_sanitizer=='true'", {
        "cflags": ["-fsanitize=thread", "-g"],
        "ldflags": ["-fsanitize=thread"]
      }]
    ]
  },
  "targets": [
    {
      # What runs for every record and every byte.
      "target_name": "kmsg_core",
      "type": "static_library",
      "cflags_cc": ["-O2"],
      "sources": [
        "core/batch.cc",
        "core/boost.cc",
        "core/counters.cc",
        "core/drain.cc",
        "core/file_table.cc",
        "core/io_error.cc",
        "core/keep_filter.cc",
        "core/kmsg_device.cc",
        "core/last_record.cc",
        "core/log_start.cc",
        "core/read_loop.cc",
        "core/read_past.cc",
        "core/record.cc",
        "core/ring_space.cc",
        "core/row_ring.cc",
        "core/scan_ahead.cc",
        "core/slow_file_reader.cc",
        "core/slow_snapshots.cc",
        "core/snapshot.cc",
        "core/snapshot_file.cc",
        "core/text_search.cc",
        "core/thread.cc",
        "core/wait_policy.cc",
        "core/wake_policy.cc",
        "core/worker.cc"
      ]
    },
    {
      # Small: most of it is run once a call of JavaScript, or once a kill. Without exceptions nothing unwinds its frames
      # but debuggers, which have frame pointers.
      "target_name": "kmsg",
      "dependencies": ["kmsg_core"],
      "cflags_cc": ["-Os", "-fno-asynchronous-unwind-tables"],
      # Nobody else's copies of the standard library's templates stand in for ours, nor ours for theirs.
      "ldflags": [
        "-Wl,--gc-sections",
        "-Wl,-z,noseparate-code",
        "-Wl,--version-script=<(module_root_dir)/glue/exports.map"
      ],
      "sources": [
        "glue/addon.cc",
        "glue/batch_memory.cc",
        "glue/event_loop.cc",
        "glue/fields.cc",
        "glue/kmsg_reader.cc",
        "glue/memory_recorder.cc",
        "glue/oom_witness.cc",
        "glue/options.cc",
        "glue/out_of_memory.cc",
        "glue/text_search.cc",
        "glue/trim_memory.cc",
        "glue/witness_object.cc",
        "memory/cgroup.cc",
        "memory/cgroup_tree.cc",
        "memory/memory_recorder.cc",
        "memory/memory_text.cc",
        "memory/pace.cc",
        "memory/process_ranking.cc",
        "memory/process_reader.cc",
        "memory/run_up_store.cc",
        "witness/bpf.cc",
        "witness/bpffs.cc",
        "witness/btf.cc",
        "witness/hand_over.cc",
        "witness/kernel_btf.cc",
        "witness/kernel_layout.cc",
        "witness/kernel_ring.cc",
        "witness/live_program.cc",
        "witness/pins.cc",
        "witness/program_counts.cc",
        "witness/program_image.cc",
        "witness/refusal.cc",
        "witness/witness.cc",
        "witness/witness_program.cc",
        "witness/witness_reader.cc",
        "witness/witnessed.cc"
      ]
    }
  ]
}
