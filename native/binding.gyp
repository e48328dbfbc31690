{
  "variables": {
    "address_sanitizer%": "false",
    "thread_sanitizer%": "false"
  },
  "targets": [
    {
      "target_name": "kmsg",
      "sources": [
        "src/core/batch.cc",
        "src/core/boost.cc",
        "src/core/counters.cc",
        "src/core/drain.cc",
        "src/core/file_table.cc",
        "src/core/io_error.cc",
        "src/core/keep_filter.cc",
        "src/core/kmsg_device.cc",
        "src/core/log_start.cc",
        "src/core/read_loop.cc",
        "src/core/read_ahead.cc",
        "src/core/read_past.cc",
        "src/core/record.cc",
        "src/core/ring_space.cc",
        "src/core/row_ring.cc",
        "src/core/slow_file_reader.cc",
        "src/core/slow_snapshots.cc",
        "src/core/snapshot.cc",
        "src/core/snapshot_file.cc",
        "src/core/text_search.cc",
        "src/core/thread.cc",
        "src/core/wait_policy.cc",
        "src/core/wake_policy.cc",
        "src/core/worker.cc",
        "src/glue/addon.cc",
        "src/glue/batch_memory.cc",
        "src/glue/event_loop.cc",
        "src/glue/fields.cc",
        "src/glue/kmsg_reader.cc",
        "src/glue/oom_witness.cc",
        "src/glue/options.cc",
        "src/glue/text_search.cc",
        "src/glue/witness_object.cc",
        "src/witness/bpf.cc",
        "src/witness/btf.cc",
        "src/witness/kernel_btf.cc",
        "src/witness/kernel_layout.cc",
        "src/witness/kernel_ring.cc",
        "src/witness/pins.cc",
        "src/witness/program_image.cc",
        "src/witness/refusal.cc",
        "src/witness/witness.cc",
        "src/witness/witness_program.cc",
        "src/witness/witness_reader.cc",
        "src/witness/witnessed.cc"
      ],
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
        "-O2",
        "-fvisibility=hidden",
        "-Wall",
        "-Wextra",
        "-Werror"
      ],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-O3"],
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
    }
  ]
}
