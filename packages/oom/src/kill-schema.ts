// Long, because each field of a kill is described here, in the order of docs/kill.md.

import { maxOtherPods } from './other-pods.js';

const kib = (description: string, example: number) =>
  ({
    type: 'integer',
    minimum: 0,
    description: `${description}, KiB.`,
    examples: [example],
  }) as const;

const text = (description: string, example: string) =>
  ({ type: 'string', description, examples: [example] }) as const;

const count = (description: string, example: number) =>
  ({ type: 'integer', minimum: 0, description, examples: [example] }) as const;

const number = (description: string, example: number) =>
  ({ type: 'integer', description, examples: [example] }) as const;

const flag = (description: string, example: boolean) =>
  ({ type: 'boolean', description, examples: [example] }) as const;

const oneOf = <const Values extends readonly string[]>(values: Values, description: string) =>
  ({ enum: values, description, examples: [values[0] as Values[number]] }) as const;

const processSample = {
  type: 'object',
  description: 'One process; pid and start are its identity.',
  required: ['pid', 'startTicks', 'comm', 'anonRssKiB'],
  properties: {
    pid: count('The process.', 61746),
    startTicks: count('When it began: ticks of 10 ms since boot.', 202130),
    comm: text('Its name at that moment. Chosen by the process: escape it.', 'java'),
    anonRssKiB: kib('Resident anonymous memory', 200000),
    fileRssKiB: kib('Resident memory of files', 12000),
    shmemRssKiB: kib('Resident shared memory', 0),
  },
} as const;

const memorySample = {
  type: 'object',
  description: 'Its memory at one moment, with all cgroups below it.',
  required: ['monotonicUs', 'usageKiB'],
  properties: {
    monotonicUs: count('When: CLOCK_MONOTONIC, microseconds.', 2019308120),
    usageKiB: kib('What it used', 250000),
    limitKiB: kib('Its limit; absent: it had none', 262144),
    anonKiB: kib('Anonymous memory', 230000),
    fileKiB: kib('Page cache, files in tmpfs and shared memory included', 9000),
    shmemKiB: kib('Files in tmpfs and shared memory: a part of `fileKiB`', 8000),
    kernelKiB: kib("All memory of the kernel's own (v1, and v2 since 5.18)", 3000),
    swapKiB: kib('Swapped out', 0),
    inactiveFileKiB: kib('Page cache that the kernel gives up first: a part of `fileKiB`', 700),
    processes: {
      type: 'array',
      maxItems: 5,
      description: 'The biggest processes, biggest first; where the cgroup was close to its limit.',
      items: processSample,
    },
  },
} as const;

const memoryRunUp = <const Description extends string>(description: Description) =>
  ({
    type: 'object',
    description,
    required: ['path', 'sinceMonotonicUs', 'samples'],
    properties: {
      path: text('Its path from the root of the memory hierarchy.', '/kubepods.slice/…'),
      sinceMonotonicUs: count(
        'Since when it was watched: CLOCK_MONOTONIC, microseconds.',
        1400123456,
      ),
      samples: {
        type: 'array',
        maxItems: 80,
        description: 'Oldest first; the older, the further apart. Between two nothing is known.',
        items: memorySample,
      },
    },
  }) as const;

/**
 * The JSON Schema of a Kill (draft 2020-12). docs/kill.schema.json and docs/kill.md are written from it, and a test holds
 * it equal to the type. It does not forbid unknown fields: a later v1 may have more, and a reader must ignore them.
 */
export const killSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'oomwatcher.kill/v1',
  description:
    "One process that the Linux kernel's OOM killer killed. Fields that are not known are absent, never guessed. Names and paths are decoded as UTF-8; a byte that is not UTF-8 stands as \\xNN.",
  type: 'object',
  required: ['schema', 'id', 'complete'],
  properties: {
    schema: {
      const: 'oomwatcher.kill/v1',
      description: 'Which record this is.',
      examples: ['oomwatcher.kill/v1'],
    },
    id: text(
      "`<bootId>:<seq>` of the kill's line, unique for ever. `<bootId>:p<pid>-<startTicks>`: a kill that the kernel told at the kill itself, before its line was read. `<bootId>:c<n>`: a kill that only the kernel's counters tell. `capture:<n>`: of a captured log.",
      '5d2c1c9e-6a52-4b0c-9f3e-0f0a6f3f7b11:4029',
    ),
    time: {
      type: 'string',
      format: 'date-time',
      description: "The kernel's time of the kill in wall clock: UTC with microseconds.",
      examples: ['2026-11-23T16:00:00.123456Z'],
    },
    localTime: text(
      'In its place where a captured log names no zone: the date of its line as it stands there; without a year where the log has none.',
      '2026-11-23T16:00:00',
    ),
    monotonicUs: count(
      "The kernel's time of the kill: microseconds of the printk clock since boot.",
      2021308979,
    ),
    seq: count(
      "Sequence number of the kill's line in the kernel's log; absent where that was never read.",
      4029,
    ),
    bootId: text(
      'Which boot: /proc/sys/kernel/random/boot_id.',
      '5d2c1c9e-6a52-4b0c-9f3e-0f0a6f3f7b11',
    ),
    host: text('The machine, where a captured log names it.', 'worker-3'),
    scope: oneOf(
      ['container', 'pod', 'qos', 'kubepods', 'service', 'slice', 'cgroup', 'node'],
      'Whose limit was hit. `node`: the machine itself had no memory left.',
    ),
    constraint: oneOf(
      ['memcg', 'none', 'cpuset', 'memory_policy'],
      "The kernel's word for what was constrained: a cgroup's limit, nothing (the whole machine), or the NUMA nodes that a cpuset or a memory policy allows.",
    ),
    victim: {
      type: 'object',
      description:
        "The process that was killed. Absent when its line was lost and only the kernel's counters tell the kill.",
      required: ['pid', 'name'],
      properties: {
        pid: count(
          'The process (thread group) where the report tells, else the number that the kill line named.',
          61746,
        ),
        tid: count(
          "Only where the kill line named a thread that is not the process's leader.",
          61748,
        ),
        name: text(
          "The process's name (comm), at most 15 bytes. Chosen by the process: escape it.",
          'nginx',
        ),
        uid: count('Its user.', 33),
        startTicks: count(
          'When it began: ticks of 10 ms since boot, as /proc/N/stat tells it. Where the kernel told it at the kill itself.',
          202130,
        ),
        mainProcess: flag(
          'Whether it was the first process of its container (pid 1 of its pid namespace).',
          false,
        ),
        oomScoreAdj: number('Its oom_score_adj, -1000 to 1000.', 984),
        totalVmKiB: kib('Virtual memory', 10668),
        anonRssKiB: kib('Resident anonymous memory', 892),
        fileRssKiB: kib('Resident memory of files', 12),
        shmemRssKiB: kib('Resident shared memory', 0),
        pageTablesKiB: kib('Page tables', 56),
        sizesApproximate: flag(
          'true: the resident sizes were read at the kill itself, without what CPUs had not added yet (Linux 6.2 and later).',
          true,
        ),
      },
    },
    trigger: {
      type: 'object',
      description: 'Who asked for the memory that was not there; not always at fault.',
      required: ['manual'],
      properties: {
        manual: flag('true: somebody asked for the kill by sysrq-f.', false),
        pid: count('Its process.', 61740),
        name: text('Its name.', 'java'),
        gfpMask: text('How it asked.', '0xcc0(GFP_KERNEL)'),
        order: number('For 2^order pages; -1: nobody asked for memory.', 0),
        oomScoreAdj: number('Its oom_score_adj.', 984),
      },
    },
    cgroup: {
      type: 'object',
      description: 'Paths from the root of the memory hierarchy.',
      required: [],
      properties: {
        victim: text(
          "The victim's cgroup.",
          '/kubepods.slice/kubepods-burstable.slice/…/cri-containerd-3f9d….scope',
        ),
        limit: text(
          'The cgroup whose limit was hit.',
          '/kubepods.slice/kubepods-burstable.slice/…',
        ),
        from: oneOf(
          ['log', 'proc', 'counter', 'kernel'],
          "Where `victim` comes from: the kernel's report, /proc while the process was dying, the cgroups' kill counters, or the kernel at the kill itself.",
        ),
      },
    },
    container: {
      type: 'object',
      description: 'The container of the victim, by its cgroup.',
      required: ['id'],
      properties: {
        id: text('Its id.', '3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41'),
        runtime: text('Its runtime, where the path tells.', 'containerd'),
        name: text(
          "What its user calls it, as the runtime's own file tells (Docker, Podman, nerdctl); only root may read that.",
          'shop-web-1',
        ),
        image: text('The image it was made of, as the user called it.', 'nginx:1.27'),
        compose: {
          type: 'object',
          description:
            "Of Docker Compose, as the daemon's own file of the container tells; only root may read that.",
          required: ['project', 'service'],
          properties: {
            project: text('Its project.', 'shop'),
            service: text('Its service.', 'web'),
          },
        },
      },
    },
    pod: {
      type: 'object',
      description:
        "The pod of the victim: uid and class by its cgroup, names by the cluster's API.",
      required: ['uid'],
      properties: {
        uid: text(
          "Its uid; of a static pod the kubelet's hash.",
          '0c2bc583-7b34-4d1c-9a53-6e2f8d0b4a17',
        ),
        qos: oneOf(['guaranteed', 'burstable', 'besteffort'], 'Its quality-of-service class.'),
        namespace: text('Its namespace.', 'shop'),
        name: text('Its name.', 'web-7f9c5d'),
        container: text("The container's name in it.", 'app'),
        owner: {
          type: 'object',
          description:
            'What made the pod, as its ownerReferences tell: of a ReplicaSet with a pod-template-hash its Deployment, of a Job named by a time its CronJob.',
          required: ['kind', 'name'],
          properties: {
            kind: text('Its kind.', 'Deployment'),
            name: text('Its name, in the namespace of the pod.', 'web'),
          },
        },
        spec: {
          type: 'object',
          description:
            "What the pod's spec says of memory, as the API server had it when the kill was named; not the kernel's word.",
          required: ['containers'],
          properties: {
            kind: oneOf(
              ['container', 'init', 'sidecar', 'ephemeral'],
              'What the container is; a sidecar is an init container that goes on.',
            ),
            containers: count('How many containers may run at one time.', 2),
            limitKiB: kib("The container's limit; absent: it has none, or is not known", 32768),
            requestKiB: kib(
              'What the container asked the scheduler for; absent: nothing, or is not known',
              16384,
            ),
            podLimitKiB: kib("The limit that kubelet gives the pod's cgroup; absent: none", 65536),
            podLimitFrom: oneOf(
              ['pod', 'containers'],
              "Whether that is the pod's own (spec.resources), or what kubelet makes of its containers' limits.",
            ),
          },
        },
      },
    },
    inner: {
      type: 'object',
      description:
        'What a cluster that runs in the pod (kind, k3s) calls it, by cgroups that whoever runs there has made.',
      required: [],
      properties: {
        pod: {
          type: 'object',
          description: 'Its pod there.',
          required: ['uid'],
          properties: {
            uid: text('Its uid.', '7b0f2c83-5b34-4d1c-9a53-6e2f8d0b4a17'),
            qos: oneOf(['guaranteed', 'burstable', 'besteffort'], 'Its quality-of-service class.'),
          },
        },
        container: {
          type: 'object',
          description: 'Its container there.',
          required: ['id'],
          properties: {
            id: text('Its id.', 'a7c1e9034b5d6f8091a2b3c4d5e6f70819283746556473829100aabbccddeeff'),
            runtime: text('Its runtime, where the path tells.', 'containerd'),
          },
        },
      },
    },
    memory: {
      type: 'object',
      description: 'The cgroup whose limit was hit, at the time.',
      required: [],
      properties: {
        usageKiB: kib('What it used', 262144),
        limitKiB: kib('Its limit', 262144),
      },
    },
    memoryStat: {
      type: 'object',
      description:
        'What that memory was, with all cgroups below it, from the statistics of the report.',
      required: [],
      properties: {
        anonKiB: kib('Anonymous memory', 250000),
        fileKiB: kib('Page cache, files in tmpfs and shared memory included', 9000),
        shmemKiB: kib('Files in tmpfs, /dev/shm and shared memory: a part of `fileKiB`', 8000),
        kernelKiB: kib("All memory of the kernel's own (v1, and v2 since 5.18)", 3000),
        slabKiB: kib("The kernel's objects, such as inodes and dentries", 2000),
        pageTablesKiB: kib('Page tables', 600),
        socketKiB: kib('Buffers of sockets (v2)', 16),
        swapKiB: kib('Swapped out', 0),
      },
    },
    nodeMemory: {
      type: 'object',
      description:
        "What the machine's memory was, where that ran out (`scope` is `node`): the report's `Mem-Info`, of the NUMA nodes that could be used.",
      required: [],
      properties: {
        managedKiB: kib('What the kernel gives out of it', 8_000_000),
        freeKiB: kib('Free', 66_000),
        anonKiB: kib('Anonymous memory, files in tmpfs and shared memory', 7_000_000),
        fileKiB: kib('Page cache, without tmpfs and shared memory', 20_000),
        shmemKiB: kib('Files in tmpfs, /dev/shm and shared memory', 40_000),
        unevictableKiB: kib('What cannot be taken back: locked (mlock) or in a ramfs', 4_000),
        slabKiB: kib("The kernel's objects, such as inodes and dentries", 200_000),
        hugePagesKiB: kib('Set aside as huge pages (hugetlbfs)', 0),
        hugePagesFreeKiB: kib('Of these, free', 0),
        swapTotalKiB: kib('Swap', 0),
        swapFreeKiB: kib('Free swap', 0),
        zones: {
          type: 'array',
          maxItems: 32,
          description:
            'Zones of memory, those nearest to their minimum; in the order of the report.',
          items: {
            type: 'object',
            description: 'One zone.',
            required: ['node', 'zone', 'freeKiB', 'minKiB', 'managedKiB'],
            properties: {
              node: count('Its NUMA node.', 0),
              zone: text('Its name.', 'Normal'),
              freeKiB: kib('Free', 66_000),
              minKiB: kib('With no more free than this an ordinary allocation fails', 67_000),
              managedKiB: kib('What the kernel gives out of it', 7_000_000),
              largestFreeOrder: number(
                'The greatest free piece has 2^n pages; -1: there is none.',
                10,
              ),
            },
          },
        },
      },
    },
    otherPods: {
      type: 'object',
      description:
        "The node's other pods where its memory ran out (`constraint` is `none`), as the agent read their cgroups a moment later. No kernel log says it.",
      required: ['afterMs', 'count', 'biggest'],
      properties: {
        afterMs: count('How long after the kill they were read, milliseconds.', 4),
        count: count("How many there were, the victim's own not counted.", 57),
        biggest: {
          type: 'array',
          maxItems: maxOtherPods,
          description: 'Those that held most, without page cache; biggest first.',
          items: {
            type: 'object',
            description: 'One pod.',
            required: ['uid', 'qos', 'usageKiB', 'fileKiB'],
            properties: {
              uid: text('Its uid.', '0d9c3a44-52a5-4f3e-8e0d-1f0f6a1f7c22'),
              qos: oneOf(
                ['guaranteed', 'burstable', 'besteffort'],
                'Its quality-of-service class.',
              ),
              namespace: text('Its namespace.', 'shop'),
              name: text('Its name.', 'cart-6d4b75cb6d-x2v8q'),
              usageKiB: kib('What its cgroup used, page cache included', 2_200_000),
              fileKiB: kib('Page cache of it, without tmpfs and shared memory', 90_000),
              limitKiB: kib('The limit that its cgroup had; absent: none', 4_194_304),
              requestKiB: kib(
                'What it asked the scheduler for, by its spec; 0: nothing; absent: its spec is not known',
                524_288,
              ),
            },
          },
        },
      },
    },
    witnessed: flag(
      'true: the log has no report, for the kernel withheld it or it was lost; limit, memory and trigger were read at the kill itself.',
      true,
    ),
    sharers: {
      type: 'array',
      description:
        'Processes that the kernel killed with the victim because they share its memory. They are no kills of their own.',
      items: {
        type: 'object',
        description: 'One such process.',
        required: ['pid', 'name'],
        properties: { pid: count('The process.', 61750), name: text('Its name.', 'nginx') },
      },
    },
    group: {
      type: 'object',
      description:
        'A memory.oom.group incident: processes killed together. All its kills carry the same group.',
      required: ['id', 'size'],
      properties: {
        id: text('The id of its first kill.', '5d2c1c9e-6a52-4b0c-9f3e-0f0a6f3f7b11:4029'),
        size: { type: 'integer', minimum: 1, description: 'How many were killed.', examples: [5] },
        cgroup: text(
          "The group's cgroup; members may be in cgroups below it.",
          '/kubepods.slice/…',
        ),
      },
    },
    tasks: {
      type: 'array',
      maxItems: 10,
      description:
        'The biggest processes that could have been killed, by resident memory, biggest first.',
      items: {
        type: 'object',
        description: 'One process of the report.',
        required: ['pid', 'name', 'uid', 'rssKiB', 'swapKiB', 'oomScoreAdj'],
        properties: {
          pid: count('The process.', 61740),
          name: text('Its name.', 'java'),
          uid: count('Its user.', 0),
          rssKiB: kib('Resident memory', 200000),
          swapKiB: kib('Swapped memory', 0),
          oomScoreAdj: number('Its oom_score_adj.', 0),
        },
      },
    },
    runUp: {
      type: 'object',
      description:
        'The last ten minutes before the kill, where a recorder ran on the node: memory of the cgroups as it sampled them.',
      required: [],
      properties: {
        killMonotonicUs: count(
          "When the kill was on CLOCK_MONOTONIC, microseconds, as the agent reckons it; `monotonicUs` is of printk's clock.",
          2021308950,
        ),
        cgroup: memoryRunUp("The victim's own cgroup."),
        limitOwner: memoryRunUp('The cgroup whose limit was reached, where it is another.'),
      },
    },
    complete: flag(
      "false: part of the kill's report was lost, or withheld by the kernel, which prints ten reports in 5 s for the whole machine.",
      true,
    ),
    missing: oneOf(
      ['withheld', 'lost', 'cut', 'kill-line'],
      "Why it is not complete, where that is known: the kernel withheld the report, lines of the log were lost, a tool left lines out, or the kill's own line is not there and its report proves it.",
    ),
  },
} as const;
