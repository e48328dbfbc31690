// Made by test/docs/write.ts of test/fixtures: raw records of /dev/kmsg, as real kernels printed them.

export const captures = {
  /** A container's own limit. */
  container: String.raw`4,356,3243213,-;java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,357,3243562,-;CPU: 0 PID: 81 Comm: java Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,358,3243648,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,359,3243749,-;Call Trace:
4,360,3244338,-; <TASK>
4,361,3244518,-; dump_stack_lvl+0x44/0x5c
4,362,3244772,-; dump_header+0x4c/0x22b
4,363,3244785,-; oom_kill_process.cold+0xb/0x10
4,364,3244795,-; out_of_memory+0x1fd/0x4c0
4,365,3244813,-; mem_cgroup_out_of_memory+0x134/0x150
4,366,3244832,-; try_charge_memcg+0x696/0x780
4,367,3244874,-; charge_memcg+0x39/0xf0
4,368,3244884,-; __mem_cgroup_charge+0x28/0x80
4,369,3244894,-; __handle_mm_fault+0x95c/0xfa0
4,370,3244914,-; handle_mm_fault+0xdb/0x2d0
4,371,3244925,-; do_user_addr_fault+0x191/0x560
4,372,3244940,-; exc_page_fault+0x70/0x170
4,373,3244952,-; asm_exc_page_fault+0x22/0x30
4,374,3245062,-;RIP: 0033:0x404fec
4,375,3245394,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,376,3245447,-;RSP: 002b:00007fff239e64c0 EFLAGS: 00000287
4,377,3245481,-;RAX: 00007fff239e64d0 RBX: 00000000017f0000 RCX: 0000000000000000
4,378,3245491,-;RDX: 0000000000000003 RSI: 0000000006000000 RDI: 0000000000000000
4,379,3245501,-;RBP: 0000000006000000 R08: 00000000ffffffff R09: 0000000000000000
4,380,3245509,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,381,3245519,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f09c2c7e000
4,382,3245596,-; </TASK>
6,383,3246010,-;memory: usage 24576kB, limit 24576kB, failcnt 82
6,384,3246036,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,385,3246049,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope:
6,386,3246614,-;anon 25100288\x0afile 0\x0akernel 65536\x0akernel_stack 0\x0apagetables 57344\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 25075712\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 6129\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,387,3246637,-;Tasks state (memory values in pages):
6,388,3246644,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,389,3246737,-;[     81]  1000    81    25642     6417    90112        0           984 java
6,390,3251551,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=java,pid=81,uid=1000
3,391,3254028,-;Memory cgroup out of memory: Killed process 81 (java) total-vm:102568kB, anon-rss:25232kB, file-rss:0kB, shmem-rss:436kB, UID:1000 pgtables:88kB oom_score_adj:984
`,
  /** The limit of a pod, hit by one of its containers. */
  pod: String.raw`4,589,11521086,-;ruby invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,590,11521202,-;CPU: 0 PID: 100 Comm: ruby Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,591,11521220,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,592,11521231,-;Call Trace:
4,593,11521270,-; <TASK>
4,594,11521295,-; dump_stack_lvl+0x44/0x5c
4,595,11521334,-; dump_header+0x4c/0x22b
4,596,11521346,-; oom_kill_process.cold+0xb/0x10
4,597,11521355,-; out_of_memory+0x1fd/0x4c0
4,598,11521414,-; mem_cgroup_out_of_memory+0x134/0x150
4,599,11521432,-; try_charge_memcg+0x696/0x780
4,600,11521447,-; charge_memcg+0x39/0xf0
4,601,11521455,-; __mem_cgroup_charge+0x28/0x80
4,602,11521463,-; __handle_mm_fault+0x95c/0xfa0
4,603,11521483,-; handle_mm_fault+0xdb/0x2d0
4,604,11521493,-; do_user_addr_fault+0x191/0x560
4,605,11521507,-; exc_page_fault+0x70/0x170
4,606,11521518,-; asm_exc_page_fault+0x22/0x30
4,607,11521537,-;RIP: 0033:0x404fec
4,608,11521564,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,609,11521576,-;RSP: 002b:00007fff239e6650 EFLAGS: 00000287
4,610,11521597,-;RAX: 00007fff239e6660 RBX: 00000000016e9000 RCX: 0000000000000000
4,611,11521603,-;RDX: 0000000000000003 RSI: 0000000006000000 RDI: 0000000000000000
4,612,11521608,-;RBP: 0000000006000000 R08: 00000000ffffffff R09: 0000000000000000
4,613,11521613,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,614,11521618,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f09c2c7e000
4,615,11521632,-; </TASK>
6,616,11521639,-;memory: usage 24576kB, limit 24576kB, failcnt 27
6,617,11521648,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,618,11521655,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a9251_7b34_4d1c_9a53_6e2f8d0b4a17.slice:
6,619,11521723,-;anon 25071616\x0afile 0\x0akernel 94208\x0akernel_stack 0\x0apagetables 65536\x0asec_pagetables 0\x0apercpu 10512\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 25034752\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 912\x0aslab 912\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 6122\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,620,11521734,-;Tasks state (memory values in pages):
6,621,11521738,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,622,11521756,-;[    100]  1000   100    25642     6153    86016        0           984 ruby
6,623,11521832,-;[     99]     0    99     1322      543    45056        0           984 sidecar
6,624,11521842,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a9251_7b34_4d1c_9a53_6e2f8d0b4a17.slice,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a9251_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=ruby,pid=100,uid=1000
3,625,11522001,-;Memory cgroup out of memory: Killed process 100 (ruby) total-vm:102568kB, anon-rss:24176kB, file-rss:0kB, shmem-rss:436kB, UID:1000 pgtables:84kB oom_score_adj:984
`,
  /** The limit of a systemd unit. */
  service: String.raw`4,460,4994580,-;app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
4,461,4994745,-;CPU: 0 PID: 82 Comm: app Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,462,4994763,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,463,4994773,-;Call Trace:
4,464,4994808,-; <TASK>
4,465,4994834,-; dump_stack_lvl+0x44/0x5c
4,466,4994873,-; dump_header+0x4c/0x22b
4,467,4994885,-; oom_kill_process.cold+0xb/0x10
4,468,4994894,-; out_of_memory+0x1fd/0x4c0
4,469,4994910,-; mem_cgroup_out_of_memory+0x134/0x150
4,470,4994928,-; try_charge_memcg+0x696/0x780
4,471,4994942,-; charge_memcg+0x39/0xf0
4,472,4994951,-; __mem_cgroup_charge+0x28/0x80
4,473,4994960,-; __handle_mm_fault+0x95c/0xfa0
4,474,4995038,-; handle_mm_fault+0xdb/0x2d0
4,475,4995048,-; do_user_addr_fault+0x191/0x560
4,476,4995063,-; exc_page_fault+0x70/0x170
4,477,4995074,-; asm_exc_page_fault+0x22/0x30
4,478,4995091,-;RIP: 0033:0x404fec
4,479,4995118,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,480,4995130,-;RSP: 002b:00007ffd9a3d39a0 EFLAGS: 00000287
4,481,4995151,-;RAX: 00007ffd9a3d39b0 RBX: 00000000005f9000 RCX: 0000000000000000
4,482,4995157,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,483,4995162,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,484,4995167,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,485,4995173,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f78facf4000
4,486,4995187,-; </TASK>
6,487,4995196,-;memory: usage 6144kB, limit 6144kB, failcnt 19
6,488,4995204,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,489,4995211,-;Memory cgroup stats for /system.slice/system-serial\x5cx2dgetty.slice/serial-getty@ttyS0.service:
6,490,4995306,-;anon 6262784\x0afile 0\x0akernel 28672\x0akernel_stack 0\x0apagetables 20480\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 6234112\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 344\x0aslab 344\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1530\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,491,4995448,-;Tasks state (memory values in pages):
6,492,4995453,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,493,4995470,-;[     82]     0    82    17450     1797    57344        0             0 app
6,494,4995588,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=serial-getty@ttyS0.service,mems_allowed=0,oom_memcg=/system.slice/system-serial\x5cx2dgetty.slice/serial-getty@ttyS0.service,task_memcg=/system.slice/system-serial\x5cx2dgetty.slice/serial-getty@ttyS0.service,task=app,pid=82,uid=0
3,495,4995801,-;Memory cgroup out of memory: Killed process 82 (app) total-vm:69800kB, anon-rss:6752kB, file-rss:0kB, shmem-rss:436kB, UID:0 pgtables:56kB oom_score_adj:0
`,
  /** The limit of a cgroup of nobody known, with a path that looks like the line that names it. */
  cgroup: String.raw`4,532,6536660,-;app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
4,533,6537029,-;CPU: 0 PID: 84 Comm: app Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,534,6537051,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,535,6537061,-;Call Trace:
4,536,6537141,-; <TASK>
4,537,6537190,-; dump_stack_lvl+0x44/0x5c
4,538,6537229,-; dump_header+0x4c/0x22b
4,539,6537241,-; oom_kill_process.cold+0xb/0x10
4,540,6537250,-; out_of_memory+0x1fd/0x4c0
4,541,6537266,-; mem_cgroup_out_of_memory+0x134/0x150
4,542,6537283,-; try_charge_memcg+0x696/0x780
4,543,6537297,-; charge_memcg+0x39/0xf0
4,544,6537305,-; __mem_cgroup_charge+0x28/0x80
4,545,6537314,-; __handle_mm_fault+0x95c/0xfa0
4,546,6537334,-; handle_mm_fault+0xdb/0x2d0
4,547,6537344,-; do_user_addr_fault+0x191/0x560
4,548,6537358,-; exc_page_fault+0x70/0x170
4,549,6537368,-; asm_exc_page_fault+0x22/0x30
4,550,6537418,-;RIP: 0033:0x404fec
4,551,6537466,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,552,6537478,-;RSP: 002b:00007ffd9a3d39a0 EFLAGS: 00000287
4,553,6537497,-;RAX: 00007ffd9a3d39b0 RBX: 00000000005f9000 RCX: 0000000000000000
4,554,6537503,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,555,6537508,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,556,6537513,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,557,6537519,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f78facf4000
4,558,6537560,-; </TASK>
6,559,6537569,-;memory: usage 6144kB, limit 6144kB, failcnt 19
6,560,6537578,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,561,6537585,-;Memory cgroup stats for /a,oom_memcg=/b,task_memcg=/c:
6,562,6537653,-;anon 6262784\x0afile 0\x0akernel 28672\x0akernel_stack 0\x0apagetables 20480\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 6234112\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 344\x0aslab 344\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1530\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,563,6537666,-;Tasks state (memory values in pages):
6,564,6537669,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,565,6537687,-;[     84]     0    84    17450     1797    57344        0             0 app
6,566,6543433,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=c,mems_allowed=0,oom_memcg=/a,oom_memcg=/b,task_memcg=/c,task_memcg=/a,oom_memcg=/b,task_memcg=/c,task=app,pid=84,uid=0
3,567,6543669,-;Memory cgroup out of memory: Killed process 84 (app) total-vm:69800kB, anon-rss:6752kB, file-rss:0kB, shmem-rss:436kB, UID:0 pgtables:56kB oom_score_adj:0
`,
  /** No memory left in the machine. */
  node: String.raw`6,350,2407323,-;tsc: Refined TSC clocksource calibration: 2095.972 MHz
6,351,2407911,-;clocksource: tsc: mask: 0xffffffffffffffff max_cycles: 0x1e365365b0f, max_idle_ns: 440795251180 ns
6,352,2408096,-;clocksource: Switched to clocksource tsc
4,353,2939657,-;memhog invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, oom_score_adj=0
4,354,2939958,-;CPU: 0 PID: 79 Comm: memhog Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,355,2940045,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,356,2940140,-;Call Trace:
4,357,2940705,-; <TASK>
4,358,2940879,-; dump_stack_lvl+0x44/0x5c
4,359,2941101,-; dump_header+0x4c/0x22b
4,360,2941113,-; oom_kill_process.cold+0xb/0x10
4,361,2941123,-; out_of_memory+0x1fd/0x4c0
4,362,2941139,-; __alloc_pages_slowpath.constprop.0+0x67f/0xe70
4,363,2941160,-; __alloc_pages+0x305/0x330
4,364,2941177,-; __folio_alloc+0x17/0x50
4,365,2941193,-; ? policy_node+0x51/0x70
4,366,2941204,-; vma_alloc_folio+0x9c/0x370
4,367,2941217,-; __handle_mm_fault+0x92f/0xfa0
4,368,2941236,-; handle_mm_fault+0xdb/0x2d0
4,369,2941246,-; do_user_addr_fault+0x191/0x560
4,370,2941260,-; exc_page_fault+0x70/0x170
4,371,2941271,-; asm_exc_page_fault+0x22/0x30
4,372,2941377,-;RIP: 0033:0x404fec
4,373,2941627,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,374,2941678,-;RSP: 002b:00007ffd95fd29a0 EFLAGS: 00000287
4,375,2941710,-;RAX: 00007ffd95fd29b0 RBX: 0000000006810000 RCX: 0000000000000000
4,376,2941763,-;RDX: 0000000000000003 RSI: 0000000080000000 RDI: 0000000000000000
4,377,2941773,-;RBP: 0000000080000000 R08: 00000000ffffffff R09: 0000000000000000
4,378,2941781,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,379,2941789,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f9735b8f000
4,380,2941834,-; </TASK>
4,381,2941968,-;Mem-Info:
4,382,2942162,-;active_anon:5 inactive_anon:26670 isolated_anon:0\x0a active_file:0 inactive_file:0 isolated_file:0\x0a unevictable:1059 dirty:0 writeback:0\x0a slab_reclaimable:2241 slab_unreclaimable:1464\x0a mapped:874 shmem:901 pagetables:78\x0a sec_pagetables:0 bounce:0\x0a kernel_misc_reclaimable:0\x0a free:463 free_pcp:29 free_cma:0
4,383,2942298,-;Node 0 active_anon:20kB inactive_anon:106680kB active_file:0kB inactive_file:0kB unevictable:4236kB isolated(anon):0kB isolated(file):0kB mapped:3496kB dirty:0kB writeback:0kB shmem:3604kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB kernel_stack:752kB pagetables:312kB sec_pagetables:0kB all_unreclaimable? yes
4,384,2942404,-;Node 0 DMA free:604kB boost:0kB min:168kB low:208kB high:248kB reserved_highatomic:0KB active_anon:0kB inactive_anon:14556kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:15992kB managed:15360kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
4,385,2942480,-;lowmem_reserve[]: 0 111 111 111 111
4,386,2942522,-;Node 0 DMA32 free:1248kB boost:0kB min:1268kB low:1584kB high:1900kB reserved_highatomic:0KB active_anon:20kB inactive_anon:92124kB active_file:0kB inactive_file:0kB unevictable:4236kB writepending:0kB present:180096kB managed:123292kB mlocked:4248kB bounce:0kB free_pcp:116kB local_pcp:116kB free_cma:0kB
4,387,2942539,-;lowmem_reserve[]: 0 0 0 0 0
4,388,2942608,-;Node 0 DMA: 1*4kB (U) 1*8kB (M) 1*16kB (M) 2*32kB (UM) 2*64kB (UM) 1*128kB (M) 1*256kB (U) 0*512kB 0*1024kB 0*2048kB 0*4096kB = 604kB
4,389,2943077,-;Node 0 DMA32: 0*4kB 0*8kB 0*16kB 1*32kB (M) 1*64kB (M) 1*128kB (M) 0*256kB 0*512kB 1*1024kB (M) 0*2048kB 0*4096kB = 1248kB
4,390,2943184,-;Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB
4,391,2943208,-;Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB
4,392,2943234,-;901 total pagecache pages
4,393,2943256,-;0 pages in swap cache
4,394,2943264,-;Free swap  = 0kB
4,395,2943271,-;Total swap = 0kB
4,396,2943308,-;49022 pages RAM
4,397,2943314,-;0 pages HighMem/MovableOnly
4,398,2943321,-;14359 pages reserved
6,399,2943348,-;Tasks state (memory values in pages):
6,400,2943354,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,401,2943513,-;[     78]     0    78     1066      188    36864        0         -1000 kmsg-reader
6,402,2943593,-;[     79]     0    79   525354    26864   249856        0             0 memhog
6,403,2943644,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=memhog,pid=79,uid=0
3,404,2945325,-;Out of memory: Killed process 79 (memhog) total-vm:2101416kB, anon-rss:107084kB, file-rss:0kB, shmem-rss:372kB, UID:0 pgtables:244kB oom_score_adj:0
`,
  /** No memory left on the NUMA nodes of a cpuset. */
  cpuset: String.raw`4,393,3143086,-;cpuset-hog invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, oom_score_adj=984
4,394,3143539,-;CPU: 0 PID: 93 Comm: cpuset-hog Tainted: G        W          6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,395,3143653,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,396,3143821,-;Call Trace:
4,397,3144325,-; <TASK>
4,398,3144442,-; dump_stack_lvl+0x44/0x5c
4,399,3144665,-; dump_header+0x4c/0x22b
4,400,3144686,-; oom_kill_process.cold+0xb/0x10
4,401,3144696,-; out_of_memory+0x1fd/0x4c0
4,402,3144758,-; __alloc_pages_slowpath.constprop.0+0x67f/0xe70
4,403,3144779,-; __alloc_pages+0x305/0x330
4,404,3144805,-; __folio_alloc+0x17/0x50
4,405,3144821,-; ? policy_node+0x51/0x70
4,406,3144833,-; vma_alloc_folio+0x9c/0x370
4,407,3144846,-; __handle_mm_fault+0x92f/0xfa0
4,408,3144874,-; handle_mm_fault+0xdb/0x2d0
4,409,3144884,-; do_user_addr_fault+0x191/0x560
4,410,3144899,-; exc_page_fault+0x70/0x170
4,411,3144910,-; asm_exc_page_fault+0x22/0x30
4,412,3145043,-;RIP: 0033:0x404fec
4,413,3145043,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,414,3145043,-;RSP: 002b:00007ffdd2995b50 EFLAGS: 00000287
4,415,3145043,-;RAX: 00007ffdd2995b60 RBX: 000000000381b000 RCX: 0000000000000000
4,416,3145043,-;RDX: 0000000000000003 RSI: 0000000080000000 RDI: 0000000000000000
4,417,3145043,-;RBP: 0000000080000000 R08: 00000000ffffffff R09: 0000000000000000
4,418,3145043,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,419,3145043,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007fc8fd843000
4,420,3145043,-; </TASK>
4,421,3145968,-;Mem-Info:
4,422,3146187,-;active_anon:3 inactive_anon:14399 isolated_anon:2\x0a active_file:0 inactive_file:0 isolated_file:0\x0a unevictable:1060 dirty:0 writeback:0\x0a slab_reclaimable:2270 slab_unreclaimable:1670\x0a mapped:876 shmem:903 pagetables:54\x0a sec_pagetables:0 bounce:0\x0a kernel_misc_reclaimable:0\x0a free:59484 free_pcp:42 free_cma:0
4,423,3146367,-;Node 1 active_anon:0kB inactive_anon:57472kB active_file:0kB inactive_file:0kB unevictable:1152kB isolated(anon):8kB isolated(file):0kB mapped:444kB dirty:0kB writeback:0kB shmem:436kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB kernel_stack:552kB pagetables:128kB sec_pagetables:0kB all_unreclaimable? yes
4,424,3146460,-;Node 1 DMA32 free:420kB boost:0kB min:472kB low:588kB high:704kB reserved_highatomic:0KB active_anon:0kB inactive_anon:57472kB active_file:0kB inactive_file:0kB unevictable:1152kB writepending:0kB present:130944kB managed:76588kB mlocked:1152kB bounce:0kB free_pcp:168kB local_pcp:124kB free_cma:0kB
4,425,3146558,-;lowmem_reserve[]: 0 0 0 0 0
4,426,3146670,-;Node 1 DMA32: 2*4kB (E) 5*8kB (UME) 5*16kB (UME) 4*32kB (UM) 3*64kB (M) 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 448kB
4,427,3147016,-;Node 1 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB
4,428,3147040,-;Node 1 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB
4,429,3147065,-;903 total pagecache pages
4,430,3147086,-;0 pages in swap cache
4,431,3147094,-;Free swap  = 0kB
4,432,3147101,-;Total swap = 0kB
4,433,3147148,-;98174 pages RAM
4,434,3147155,-;0 pages HighMem/MovableOnly
4,435,3147163,-;14880 pages reserved
6,436,3147200,-;Tasks state (memory values in pages):
6,437,3147206,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,438,3147367,-;[     92]     0    92     1066      188    36864        0         -1000 kmsg-reader
6,439,3147396,-;[     93]     0    93   525354    14602   155648        0           984 cpuset-hog
6,440,3147428,-;oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null),cpuset=cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,mems_allowed=1,global_oom,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2c2be9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=cpuset-hog,pid=93,uid=0
3,441,3149958,-;Out of memory: Killed process 93 (cpuset-hog) total-vm:2101416kB, anon-rss:57972kB, file-rss:0kB, shmem-rss:436kB, UID:0 pgtables:152kB oom_score_adj:984
`,
  /** No memory left on the NUMA nodes of a memory policy. */
  'memory-policy': String.raw`4,442,5177378,-;numactl-hog invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, oom_score_adj=984
4,443,5177505,-;CPU: 1 PID: 97 Comm: numactl-hog Tainted: G        W          6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,444,5177523,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,445,5177533,-;Call Trace:
4,446,5177572,-; <TASK>
4,447,5177602,-; dump_stack_lvl+0x44/0x5c
4,448,5177643,-; dump_header+0x4c/0x22b
4,449,5177655,-; oom_kill_process.cold+0xb/0x10
4,450,5177664,-; out_of_memory+0x1fd/0x4c0
4,451,5177681,-; __alloc_pages_slowpath.constprop.0+0x67f/0xe70
4,452,5177701,-; __alloc_pages+0x305/0x330
4,453,5177712,-; __folio_alloc+0x17/0x50
4,454,5177720,-; vma_alloc_folio+0x9c/0x370
4,455,5177733,-; __handle_mm_fault+0x92f/0xfa0
4,456,5177752,-; handle_mm_fault+0xdb/0x2d0
4,457,5177809,-; do_user_addr_fault+0x191/0x560
4,458,5177824,-; exc_page_fault+0x70/0x170
4,459,5177834,-; asm_exc_page_fault+0x22/0x30
4,460,5177854,-;RIP: 0033:0x404fec
4,461,5177886,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,462,5177898,-;RSP: 002b:00007ffdd2995b50 EFLAGS: 00000287
4,463,5177920,-;RAX: 00007ffdd2995b60 RBX: 0000000003691000 RCX: 0000000000000000
4,464,5177975,-;RDX: 0000000000000003 RSI: 0000000080000000 RDI: 0000000000000000
4,465,5177980,-;RBP: 0000000080000000 R08: 00000000ffffffff R09: 0000000000000000
4,466,5177985,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,467,5177990,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007fc8fd843000
4,468,5178005,-; </TASK>
4,469,5178013,-;Mem-Info:
4,470,5178030,-;active_anon:3 inactive_anon:13994 isolated_anon:0\x0a active_file:0 inactive_file:0 isolated_file:0\x0a unevictable:1060 dirty:0 writeback:0\x0a slab_reclaimable:2270 slab_unreclaimable:1681\x0a mapped:876 shmem:903 pagetables:52\x0a sec_pagetables:0 bounce:0\x0a kernel_misc_reclaimable:0\x0a free:59813 free_pcp:42 free_cma:0
4,471,5178060,-;Node 1 active_anon:0kB inactive_anon:55844kB active_file:0kB inactive_file:0kB unevictable:1164kB isolated(anon):0kB isolated(file):0kB mapped:444kB dirty:0kB writeback:0kB shmem:436kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB kernel_stack:552kB pagetables:152kB sec_pagetables:0kB all_unreclaimable? yes
4,472,5178079,-;Node 1 DMA32 free:1856kB boost:2048kB min:2520kB low:2636kB high:2752kB reserved_highatomic:0KB active_anon:0kB inactive_anon:55844kB active_file:0kB inactive_file:0kB unevictable:1164kB writepending:0kB present:130944kB managed:76588kB mlocked:1164kB bounce:0kB free_pcp:168kB local_pcp:40kB free_cma:0kB
4,473,5178102,-;lowmem_reserve[]: 0 0 0 0 0
4,474,5178127,-;Node 1 DMA32: 1*4kB (E) 2*8kB (ME) 2*16kB (ME) 0*32kB 0*64kB 0*128kB 1*256kB (M) 1*512kB (M) 1*1024kB (M) 0*2048kB 0*4096kB = 1844kB
4,475,5178196,-;Node 1 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB
4,476,5178204,-;Node 1 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB
4,477,5178210,-;903 total pagecache pages
4,478,5178215,-;0 pages in swap cache
4,479,5178219,-;Free swap  = 0kB
4,480,5178222,-;Total swap = 0kB
4,481,5178228,-;98174 pages RAM
4,482,5178231,-;0 pages HighMem/MovableOnly
4,483,5178235,-;14880 pages reserved
6,484,5178239,-;Tasks state (memory values in pages):
6,485,5178242,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,486,5178271,-;[     96]     0    96     1066      188    36864        0         -1000 kmsg-reader
6,487,5178284,-;[     97]     0    97   525354    14206   151552        0           984 numactl-hog
6,488,5178293,-;oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=1,cpuset=cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,mems_allowed=1,global_oom,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2c2be9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=numactl-hog,pid=97,uid=0
3,489,5178472,-;Out of memory: Killed process 97 (numactl-hog) total-vm:2101416kB, anon-rss:56388kB, file-rss:0kB, shmem-rss:436kB, UID:0 pgtables:148kB oom_score_adj:984
`,
  /** Asked for by sysrq-f. */
  manual: String.raw`6,5019,27778053,-;sysrq: Manual OOM execution
4,5020,27779415,-;kworker/0:0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0
4,5021,27779479,-;CPU: 0 PID: 7 Comm: kworker/0:0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,5022,27779496,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,5023,27779590,-;Workqueue: events moom_callback
4,5024,27779664,-;Call Trace:
4,5025,27779703,-; <TASK>
4,5026,27779730,-; dump_stack_lvl+0x44/0x5c
4,5027,27779753,-; dump_header+0x4c/0x22b
4,5028,27779764,-; oom_kill_process.cold+0xb/0x10
4,5029,27779773,-; out_of_memory+0x1fd/0x4c0
4,5030,27779791,-; moom_callback+0x76/0xb0
4,5031,27779817,-; process_one_work+0x1c7/0x380
4,5032,27779831,-; worker_thread+0x4d/0x380
4,5033,27779841,-; ? rescuer_thread+0x3a0/0x3a0
4,5034,27779848,-; kthread+0xda/0x100
4,5035,27779858,-; ? kthread_complete_and_exit+0x20/0x20
4,5036,27779867,-; ret_from_fork+0x22/0x30
4,5037,27779958,-; </TASK>
4,5038,27780030,-;Mem-Info:
4,5039,27780267,-;active_anon:3 inactive_anon:4142 isolated_anon:0\x0a active_file:0 inactive_file:0 isolated_file:0\x0a unevictable:1060 dirty:0 writeback:0\x0a slab_reclaimable:2300 slab_unreclaimable:1768\x0a mapped:876 shmem:903 pagetables:40\x0a sec_pagetables:0 bounce:0\x0a kernel_misc_reclaimable:0\x0a free:89488 free_pcp:112 free_cma:0
4,5040,27780450,-;Node 0 active_anon:12kB inactive_anon:16568kB active_file:0kB inactive_file:0kB unevictable:4240kB isolated(anon):0kB isolated(file):0kB mapped:3504kB dirty:0kB writeback:0kB shmem:3612kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 0kB writeback_tmp:0kB kernel_stack:784kB pagetables:160kB sec_pagetables:0kB all_unreclaimable? no
4,5041,27780536,-;Node 0 DMA free:15232kB boost:0kB min:96kB low:120kB high:144kB reserved_highatomic:0KB active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:15992kB managed:15360kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
4,5042,27780610,-;lowmem_reserve[]: 0 373 373 373 373
4,5043,27780654,-;Node 0 DMA32 free:342720kB boost:0kB min:2420kB low:3024kB high:3628kB reserved_highatomic:0KB active_anon:12kB inactive_anon:16568kB active_file:0kB inactive_file:0kB unevictable:4240kB writepending:0kB present:507776kB managed:391196kB mlocked:4240kB bounce:0kB free_pcp:448kB local_pcp:448kB free_cma:0kB
4,5044,27780671,-;lowmem_reserve[]: 0 0 0 0 0
4,5045,27780875,-;Node 0 DMA: 0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 1*128kB (U) 1*256kB (U) 1*512kB (U) 0*1024kB 1*2048kB (M) 3*4096kB (M) = 15232kB
4,5046,27781151,-;Node 0 DMA32: 0*4kB 26*8kB (UE) 25*16kB (UE) 27*32kB (U) 10*64kB (UE) 5*128kB (UME) 4*256kB (UME) 2*512kB (ME) 2*1024kB (UM) 2*2048kB (ME) 81*4096kB (UM) = 342720kB
4,5047,27781275,-;Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB
4,5048,27781299,-;Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB
4,5049,27781326,-;903 total pagecache pages
4,5050,27781347,-;0 pages in swap cache
4,5051,27781355,-;Free swap  = 0kB
4,5052,27781361,-;Total swap = 0kB
4,5053,27781400,-;130942 pages RAM
4,5054,27781406,-;0 pages HighMem/MovableOnly
4,5055,27781414,-;29303 pages reserved
6,5056,27781437,-;Tasks state (memory values in pages):
6,5057,27781440,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,5058,27781493,-;[    168]     0   168     1066      188    40960        0         -1000 kmsg-reader
6,5059,27781504,-;[    169]  1000   169     3114     2325    57344        0          1000 chrome
6,5060,27781513,-;[    170]     0   170     3114     2311    57344        0           900 root-proc
6,5061,27781526,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2bd694_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=chrome,pid=169,uid=1000
3,5062,27781802,-;Out of memory: Killed process 169 (chrome) total-vm:12456kB, anon-rss:8864kB, file-rss:0kB, shmem-rss:436kB, UID:1000 pgtables:56kB oom_score_adj:1000
`,
  /** A memory.oom.group of five processes. */
  group: String.raw`4,500,8709203,-;logical replica invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,501,8709362,-;CPU: 0 PID: 92 Comm: logical replica Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,502,8709416,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,503,8709426,-;Call Trace:
4,504,8709492,-; <TASK>
4,505,8709518,-; dump_stack_lvl+0x44/0x5c
4,506,8709590,-; dump_header+0x4c/0x22b
4,507,8709601,-; oom_kill_process.cold+0xb/0x10
4,508,8709610,-; out_of_memory+0x1fd/0x4c0
4,509,8709627,-; mem_cgroup_out_of_memory+0x134/0x150
4,510,8709645,-; try_charge_memcg+0x696/0x780
4,511,8709659,-; charge_memcg+0x39/0xf0
4,512,8709668,-; __mem_cgroup_charge+0x28/0x80
4,513,8709676,-; __handle_mm_fault+0x95c/0xfa0
4,514,8709696,-; handle_mm_fault+0xdb/0x2d0
4,515,8709706,-; do_user_addr_fault+0x191/0x560
4,516,8709720,-; exc_page_fault+0x70/0x170
4,517,8709731,-; asm_exc_page_fault+0x22/0x30
4,518,8709807,-;RIP: 0033:0x404fec
4,519,8709834,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,520,8709846,-;RSP: 002b:00007fff239e6650 EFLAGS: 00000287
4,521,8709868,-;RAX: 00007fff239e6660 RBX: 00000000012e0000 RCX: 0000000000000000
4,522,8709874,-;RDX: 0000000000000003 RSI: 0000000006000000 RDI: 0000000000000000
4,523,8709879,-;RBP: 0000000006000000 R08: 00000000ffffffff R09: 0000000000000000
4,524,8709884,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,525,8709889,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f09c2b7e000
4,526,8709904,-; </TASK>
6,527,8709911,-;memory: usage 24576kB, limit 24576kB, failcnt 19
6,528,8709920,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,529,8709927,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a702f_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope:
6,530,8710169,-;anon 25034752\x0afile 0\x0akernel 131072\x0akernel_stack 0\x0apagetables 106496\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 24993792\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 2840\x0aslab 2840\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 6123\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,531,8710186,-;Tasks state (memory values in pages):
6,532,8710190,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,533,8710209,-;[     88]   999    88     1322      543    45056        0           984 postgres
6,534,8710399,-;[     91]   999    91     1322      543    45056        0           984 autovacuum lau
6,535,8710432,-;[     90]   999    90     1322      543    45056        0           984 walwriter
6,536,8710441,-;[     92]   999    92    25898     5391    90112        0           984 logical replica
6,537,8710451,-;[     89]   999    89     1322      543    45056        0           984 checkpointer
6,538,8710464,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a702f_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a702f_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=logical replica,pid=92,uid=999
3,539,8710755,-;Memory cgroup out of memory: Killed process 92 (logical replica) total-vm:103592kB, anon-rss:21000kB, file-rss:0kB, shmem-rss:564kB, UID:999 pgtables:88kB oom_score_adj:984
6,540,8710852,-;Tasks in /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a702f_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope are going to be killed due to memory.oom.group set
3,541,8711009,-;Memory cgroup out of memory: Killed process 88 (postgres) total-vm:5288kB, anon-rss:1736kB, file-rss:0kB, shmem-rss:436kB, UID:999 pgtables:44kB oom_score_adj:984
3,542,8717034,-;Memory cgroup out of memory: Killed process 91 (autovacuum lau) total-vm:5288kB, anon-rss:1736kB, file-rss:0kB, shmem-rss:436kB, UID:999 pgtables:44kB oom_score_adj:984
3,543,8721413,-;Memory cgroup out of memory: Killed process 90 (walwriter) total-vm:5288kB, anon-rss:1736kB, file-rss:0kB, shmem-rss:436kB, UID:999 pgtables:44kB oom_score_adj:984
3,544,8725446,-;Memory cgroup out of memory: Killed process 92 (logical replica) total-vm:103592kB, anon-rss:21000kB, file-rss:0kB, shmem-rss:564kB, UID:999 pgtables:88kB oom_score_adj:984
3,545,8725593,-;Memory cgroup out of memory: Killed process 89 (checkpointer) total-vm:5288kB, anon-rss:1736kB, file-rss:0kB, shmem-rss:436kB, UID:999 pgtables:44kB oom_score_adj:984
`,
  /** A process that is named by a line break and a word of the kernel. */
  'hostile-name': String.raw`4,1147,18079034,-;b\x0d\x0aKilled invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,1148,18079167,-;CPU: 0 PID: 101 Comm: b\x0d\x0aKilled Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,1149,18079185,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,1150,18079195,-;Call Trace:
4,1151,18079236,-; <TASK>
4,1152,18079309,-; dump_stack_lvl+0x44/0x5c
4,1153,18079355,-; dump_header+0x4c/0x22b
4,1154,18079366,-; oom_kill_process.cold+0xb/0x10
4,1155,18079376,-; out_of_memory+0x1fd/0x4c0
4,1156,18079392,-; mem_cgroup_out_of_memory+0x134/0x150
4,1157,18079410,-; try_charge_memcg+0x696/0x780
4,1158,18079424,-; charge_memcg+0x39/0xf0
4,1159,18079432,-; __mem_cgroup_charge+0x28/0x80
4,1160,18079441,-; __handle_mm_fault+0x95c/0xfa0
4,1161,18079461,-; handle_mm_fault+0xdb/0x2d0
4,1162,18079471,-; do_user_addr_fault+0x191/0x560
4,1163,18079485,-; exc_page_fault+0x70/0x170
4,1164,18079497,-; asm_exc_page_fault+0x22/0x30
4,1165,18079515,-;RIP: 0033:0x404fec
4,1166,18079546,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,1167,18079558,-;RSP: 002b:00007ffd08ce0a70 EFLAGS: 00000287
4,1168,18079581,-;RAX: 00007ffd08ce0a80 RBX: 00000000005f9000 RCX: 0000000000000000
4,1169,18079588,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,1170,18079593,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,1171,18079598,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,1172,18079604,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f7ed6b24000
4,1173,18079618,-; </TASK>
6,1174,18079626,-;memory: usage 6144kB, limit 6144kB, failcnt 19
6,1175,18079634,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,1176,18079642,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2bb472_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d7a7a0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,1177,18079716,-;anon 6262784\x0afile 0\x0akernel 28672\x0akernel_stack 0\x0apagetables 20480\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 6238208\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1530\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,1178,18079728,-;Tasks state (memory values in pages):
6,1179,18079731,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,1180,18079747,-;[    101]  1000   101    17450     1798    53248        0           984 b\x0d\x0aKilled
6,1181,18079794,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d7a7a0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2bb472_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d7a7a0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2bb472_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d7a7a0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=b\x0d\x0aKilled,pid=101,uid=1000
3,1182,18081864,-;Memory cgroup out of memory: Killed process 101 (b\x0d\x0aKilled) total-vm:69800kB, anon-rss:6756kB, file-rss:0kB, shmem-rss:436kB, UID:1000 pgtables:52kB oom_score_adj:984
`,
  /** The eleventh kill in a second: the kernel prints ten reports in 5 s. The ten come before it. */
  withheld: String.raw`6,351,2587928,-;tsc: Refined TSC clocksource calibration: 2095.972 MHz
6,352,2588369,-;clocksource: tsc: mask: 0xffffffffffffffff max_cycles: 0x1e365365b0f, max_idle_ns: 440795251180 ns
6,353,2588634,-;clocksource: Switched to clocksource tsc
4,354,2725506,-;storm-1-0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,355,2725779,-;CPU: 0 PID: 80 Comm: storm-1-0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,356,2725935,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,357,2726033,-;Call Trace:
4,358,2726592,-; <TASK>
4,359,2726739,-; dump_stack_lvl+0x44/0x5c
4,360,2727002,-; dump_header+0x4c/0x22b
4,361,2727014,-; oom_kill_process.cold+0xb/0x10
4,362,2727023,-; out_of_memory+0x1fd/0x4c0
4,363,2727040,-; mem_cgroup_out_of_memory+0x134/0x150
4,364,2727057,-; try_charge_memcg+0x696/0x780
4,365,2727076,-; charge_memcg+0x39/0xf0
4,366,2727085,-; __mem_cgroup_charge+0x28/0x80
4,367,2727093,-; __handle_mm_fault+0x95c/0xfa0
4,368,2727113,-; handle_mm_fault+0xdb/0x2d0
4,369,2727123,-; do_user_addr_fault+0x191/0x560
4,370,2727137,-; exc_page_fault+0x70/0x170
4,371,2727148,-; asm_exc_page_fault+0x22/0x30
4,372,2727294,-;RIP: 0033:0x404fec
4,373,2727614,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,374,2727664,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,375,2727697,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,376,2727707,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,377,2727716,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,378,2727724,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,379,2727733,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,380,2727777,-; </TASK>
6,381,2728155,-;memory: usage 4096kB, limit 4096kB, failcnt 65
6,382,2728226,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,383,2728267,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d01010c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,384,2728721,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1019\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,385,2728745,-;Tasks state (memory values in pages):
6,386,2728751,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,387,2728850,-;[     80]  1001    80    17450     1270    49152        0           984 storm-1-0
6,388,2763067,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d01010c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d01010c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d01010c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-1-0,pid=80,uid=1001
3,389,2774739,-;Memory cgroup out of memory: Killed process 80 (storm-1-0) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1001 pgtables:48kB oom_score_adj:984
4,390,2794912,-;storm-2-0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,391,2795048,-;CPU: 0 PID: 81 Comm: storm-2-0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,392,2795072,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,393,2795083,-;Call Trace:
4,394,2795120,-; <TASK>
4,395,2795145,-; dump_stack_lvl+0x44/0x5c
4,396,2795186,-; dump_header+0x4c/0x22b
4,397,2795202,-; oom_kill_process.cold+0xb/0x10
4,398,2795212,-; out_of_memory+0x1fd/0x4c0
4,399,2795228,-; mem_cgroup_out_of_memory+0x134/0x150
4,400,2795246,-; try_charge_memcg+0x696/0x780
4,401,2795286,-; charge_memcg+0x39/0xf0
4,402,2795296,-; __mem_cgroup_charge+0x28/0x80
4,403,2795305,-; __handle_mm_fault+0x95c/0xfa0
4,404,2795325,-; handle_mm_fault+0xdb/0x2d0
4,405,2795335,-; do_user_addr_fault+0x191/0x560
4,406,2795350,-; exc_page_fault+0x70/0x170
4,407,2795360,-; asm_exc_page_fault+0x22/0x30
4,408,2795379,-;RIP: 0033:0x404fec
4,409,2795435,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,410,2795448,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,411,2795495,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,412,2795501,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,413,2795506,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,414,2795511,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,415,2795516,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,416,2795531,-; </TASK>
6,417,2796410,-;memory: usage 4096kB, limit 4096kB, failcnt 20
6,418,2796429,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,419,2796438,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,420,2796617,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1019\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,421,2796631,-;Tasks state (memory values in pages):
6,422,2796635,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,423,2796651,-;[     81]  1002    81    17450     1270    49152        0           984 storm-2-0
6,424,2812519,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-2-0,pid=81,uid=1002
3,425,2812981,-;Memory cgroup out of memory: Killed process 81 (storm-2-0) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1002 pgtables:48kB oom_score_adj:984
4,426,2820258,-;storm-4-0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,427,2820344,-;CPU: 0 PID: 83 Comm: storm-4-0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,428,2820359,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,429,2820368,-;Call Trace:
4,430,2820394,-; <TASK>
4,431,2820417,-; dump_stack_lvl+0x44/0x5c
4,432,2820454,-; dump_header+0x4c/0x22b
4,433,2820465,-; oom_kill_process.cold+0xb/0x10
4,434,2820474,-; out_of_memory+0x1fd/0x4c0
4,435,2820490,-; mem_cgroup_out_of_memory+0x134/0x150
4,436,2820507,-; try_charge_memcg+0x696/0x780
4,437,2820521,-; charge_memcg+0x39/0xf0
4,438,2820530,-; __mem_cgroup_charge+0x28/0x80
4,439,2820538,-; __handle_mm_fault+0x95c/0xfa0
4,440,2820558,-; handle_mm_fault+0xdb/0x2d0
4,441,2820568,-; do_user_addr_fault+0x191/0x560
4,442,2820582,-; exc_page_fault+0x70/0x170
4,443,2820592,-; asm_exc_page_fault+0x22/0x30
4,444,2820610,-;RIP: 0033:0x404fec
4,445,2820638,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,446,2820650,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,447,2820669,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,448,2820675,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,449,2820680,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,450,2820685,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,451,2820690,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,452,2820704,-; </TASK>
6,453,2820711,-;memory: usage 4096kB, limit 4096kB, failcnt 74
6,454,2820719,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,455,2820727,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d04040c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,456,2820794,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1019\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,457,2820806,-;Tasks state (memory values in pages):
6,458,2820809,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,459,2820822,-;[     83]  1004    83    17450     1270    49152        0           984 storm-4-0
6,460,2820837,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d04040c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d04040c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d04040c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-4-0,pid=83,uid=1004
3,461,2821025,-;Memory cgroup out of memory: Killed process 83 (storm-4-0) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1004 pgtables:48kB oom_score_adj:984
4,462,2837638,-;storm-5-0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,463,2837723,-;CPU: 0 PID: 84 Comm: storm-5-0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,464,2837739,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,465,2837748,-;Call Trace:
4,466,2837773,-; <TASK>
4,467,2837795,-; dump_stack_lvl+0x44/0x5c
4,468,2837832,-; dump_header+0x4c/0x22b
4,469,2837843,-; oom_kill_process.cold+0xb/0x10
4,470,2837852,-; out_of_memory+0x1fd/0x4c0
4,471,2837915,-; mem_cgroup_out_of_memory+0x134/0x150
4,472,2837933,-; try_charge_memcg+0x696/0x780
4,473,2837947,-; charge_memcg+0x39/0xf0
4,474,2837955,-; __mem_cgroup_charge+0x28/0x80
4,475,2837963,-; __handle_mm_fault+0x95c/0xfa0
4,476,2837982,-; handle_mm_fault+0xdb/0x2d0
4,477,2837992,-; do_user_addr_fault+0x191/0x560
4,478,2838006,-; exc_page_fault+0x70/0x170
4,479,2838017,-; asm_exc_page_fault+0x22/0x30
4,480,2838034,-;RIP: 0033:0x404fec
4,481,2838064,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,482,2838075,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,483,2838095,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,484,2838101,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,485,2838106,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,486,2838111,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,487,2838116,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,488,2838130,-; </TASK>
6,489,2838138,-;memory: usage 4096kB, limit 4096kB, failcnt 75
6,490,2838145,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,491,2838152,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,492,2838249,-;anon 4112384\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4091904\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1004\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,493,2838262,-;Tasks state (memory values in pages):
6,494,2838265,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,495,2838280,-;[     84]  1005    84    17450     1270    49152        0           984 storm-5-0
6,496,2838295,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-5-0,pid=84,uid=1005
3,497,2838521,-;Memory cgroup out of memory: Killed process 84 (storm-5-0) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1005 pgtables:48kB oom_score_adj:984
4,498,2857190,-;storm-0-0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,499,2857273,-;CPU: 0 PID: 79 Comm: storm-0-0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,500,2857289,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,501,2857298,-;Call Trace:
4,502,2857324,-; <TASK>
4,503,2857347,-; dump_stack_lvl+0x44/0x5c
4,504,2857385,-; dump_header+0x4c/0x22b
4,505,2857396,-; oom_kill_process.cold+0xb/0x10
4,506,2857405,-; out_of_memory+0x1fd/0x4c0
4,507,2857421,-; mem_cgroup_out_of_memory+0x134/0x150
4,508,2857439,-; try_charge_memcg+0x696/0x780
4,509,2857453,-; charge_memcg+0x39/0xf0
4,510,2857461,-; __mem_cgroup_charge+0x28/0x80
4,511,2857470,-; __handle_mm_fault+0x95c/0xfa0
4,512,2857490,-; handle_mm_fault+0xdb/0x2d0
4,513,2857500,-; do_user_addr_fault+0x191/0x560
4,514,2857515,-; exc_page_fault+0x70/0x170
4,515,2857525,-; asm_exc_page_fault+0x22/0x30
4,516,2857543,-;RIP: 0033:0x404fec
4,517,2857571,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,518,2857582,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,519,2857602,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,520,2857608,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,521,2857613,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,522,2857618,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,523,2857623,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,524,2857637,-; </TASK>
6,525,2857644,-;memory: usage 4096kB, limit 4096kB, failcnt 73
6,526,2857651,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,527,2857658,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,528,2857832,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1019\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,529,2857846,-;Tasks state (memory values in pages):
6,530,2857849,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,531,2857910,-;[     79]  1000    79    17450     1270    49152        0           984 storm-0-0
6,532,2857925,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-0-0,pid=79,uid=1000
3,533,2858126,-;Memory cgroup out of memory: Killed process 79 (storm-0-0) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1000 pgtables:48kB oom_score_adj:984
4,534,2860261,-;storm-3-0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,535,2860309,-;CPU: 0 PID: 82 Comm: storm-3-0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,536,2860322,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,537,2860330,-;Call Trace:
4,538,2860349,-; <TASK>
4,539,2860367,-; dump_stack_lvl+0x44/0x5c
4,540,2860394,-; dump_header+0x4c/0x22b
4,541,2860405,-; oom_kill_process.cold+0xb/0x10
4,542,2860414,-; out_of_memory+0x1fd/0x4c0
4,543,2860430,-; mem_cgroup_out_of_memory+0x134/0x150
4,544,2860447,-; try_charge_memcg+0x696/0x780
4,545,2860460,-; charge_memcg+0x39/0xf0
4,546,2860468,-; __mem_cgroup_charge+0x28/0x80
4,547,2860476,-; __handle_mm_fault+0x95c/0xfa0
4,548,2860495,-; handle_mm_fault+0xdb/0x2d0
4,549,2860505,-; do_user_addr_fault+0x191/0x560
4,550,2860519,-; exc_page_fault+0x70/0x170
4,551,2860529,-; asm_exc_page_fault+0x22/0x30
4,552,2860545,-;RIP: 0033:0x404fec
4,553,2860566,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,554,2860577,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,555,2860590,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,556,2860596,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,557,2860601,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,558,2860606,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,559,2860611,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,560,2860624,-; </TASK>
6,561,2860632,-;memory: usage 4096kB, limit 4096kB, failcnt 64
6,562,2860637,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,563,2860644,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,564,2860700,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 1019\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,565,2860712,-;Tasks state (memory values in pages):
6,566,2860715,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,567,2860726,-;[     82]  1003    82    17450     1270    49152        0           984 storm-3-0
6,568,2860738,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-3-0,pid=82,uid=1003
3,569,2860913,-;Memory cgroup out of memory: Killed process 82 (storm-3-0) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1003 pgtables:48kB oom_score_adj:984
4,570,3126487,-;storm-2-1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,571,3126610,-;CPU: 0 PID: 87 Comm: storm-2-1 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,572,3126627,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,573,3126637,-;Call Trace:
4,574,3126664,-; <TASK>
4,575,3126688,-; dump_stack_lvl+0x44/0x5c
4,576,3126726,-; dump_header+0x4c/0x22b
4,577,3126737,-; oom_kill_process.cold+0xb/0x10
4,578,3126746,-; out_of_memory+0x1fd/0x4c0
4,579,3126762,-; mem_cgroup_out_of_memory+0x134/0x150
4,580,3126780,-; try_charge_memcg+0x696/0x780
4,581,3126794,-; charge_memcg+0x39/0xf0
4,582,3126802,-; __mem_cgroup_charge+0x28/0x80
4,583,3126810,-; __handle_mm_fault+0x95c/0xfa0
4,584,3126829,-; handle_mm_fault+0xdb/0x2d0
4,585,3126839,-; do_user_addr_fault+0x191/0x560
4,586,3126853,-; exc_page_fault+0x70/0x170
4,587,3126908,-; asm_exc_page_fault+0x22/0x30
4,588,3126929,-;RIP: 0033:0x404fec
4,589,3126960,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,590,3126972,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,591,3126994,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,592,3126999,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,593,3127005,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,594,3127010,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,595,3127015,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,596,3127029,-; </TASK>
6,597,3127037,-;memory: usage 4096kB, limit 4096kB, failcnt 112
6,598,3127045,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,599,3127053,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,600,3127125,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 792\x0aslab 792\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 2038\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,601,3127137,-;Tasks state (memory values in pages):
6,602,3127140,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,603,3127156,-;[     87]  1002    87    17450     1270    49152        0           984 storm-2-1
6,604,3127170,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d02020c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-2-1,pid=87,uid=1002
3,605,3127646,-;Memory cgroup out of memory: Killed process 87 (storm-2-1) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1002 pgtables:48kB oom_score_adj:984
4,606,3136075,-;storm-0-1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,607,3136176,-;CPU: 0 PID: 85 Comm: storm-0-1 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,608,3136193,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,609,3136203,-;Call Trace:
4,610,3136232,-; <TASK>
4,611,3136256,-; dump_stack_lvl+0x44/0x5c
4,612,3136297,-; dump_header+0x4c/0x22b
4,613,3136308,-; oom_kill_process.cold+0xb/0x10
4,614,3136317,-; out_of_memory+0x1fd/0x4c0
4,615,3136334,-; mem_cgroup_out_of_memory+0x134/0x150
4,616,3136351,-; try_charge_memcg+0x696/0x780
4,617,3136364,-; charge_memcg+0x39/0xf0
4,618,3136372,-; __mem_cgroup_charge+0x28/0x80
4,619,3136381,-; __handle_mm_fault+0x95c/0xfa0
4,620,3136400,-; handle_mm_fault+0xdb/0x2d0
4,621,3136410,-; do_user_addr_fault+0x191/0x560
4,622,3136425,-; exc_page_fault+0x70/0x170
4,623,3136435,-; asm_exc_page_fault+0x22/0x30
4,624,3136453,-;RIP: 0033:0x404fec
4,625,3136484,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,626,3136496,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,627,3136518,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,628,3136524,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,629,3136529,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,630,3136534,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,631,3136539,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,632,3136553,-; </TASK>
6,633,3136561,-;memory: usage 4096kB, limit 4096kB, failcnt 115
6,634,3136569,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,635,3136576,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,636,3136648,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4145152\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 792\x0aslab 792\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 2038\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,637,3136659,-;Tasks state (memory values in pages):
6,638,3136662,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,639,3136709,-;[     85]  1000    85    17450     1270    49152        0           984 storm-0-1
6,640,3136752,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b09c8_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d00000c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-0-1,pid=85,uid=1000
3,641,3137019,-;Memory cgroup out of memory: Killed process 85 (storm-0-1) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1000 pgtables:48kB oom_score_adj:984
4,642,3137722,-;storm-3-1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,643,3137755,-;CPU: 0 PID: 88 Comm: storm-3-1 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,644,3137765,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,645,3137772,-;Call Trace:
4,646,3137786,-; <TASK>
4,647,3137800,-; dump_stack_lvl+0x44/0x5c
4,648,3137822,-; dump_header+0x4c/0x22b
4,649,3137833,-; oom_kill_process.cold+0xb/0x10
4,650,3137842,-; out_of_memory+0x1fd/0x4c0
4,651,3137856,-; mem_cgroup_out_of_memory+0x134/0x150
4,652,3137926,-; try_charge_memcg+0x696/0x780
4,653,3137940,-; charge_memcg+0x39/0xf0
4,654,3137948,-; __mem_cgroup_charge+0x28/0x80
4,655,3137957,-; __handle_mm_fault+0x95c/0xfa0
4,656,3137976,-; handle_mm_fault+0xdb/0x2d0
4,657,3137986,-; do_user_addr_fault+0x191/0x560
4,658,3137999,-; exc_page_fault+0x70/0x170
4,659,3138009,-; asm_exc_page_fault+0x22/0x30
4,660,3138023,-;RIP: 0033:0x404fec
4,661,3138040,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,662,3138049,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,663,3138060,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,664,3138065,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,665,3138070,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,666,3138075,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,667,3138079,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,668,3138092,-; </TASK>
6,669,3138098,-;memory: usage 4096kB, limit 4096kB, failcnt 130
6,670,3138104,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,671,3138110,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,672,3138164,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 792\x0aslab 792\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 2038\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,673,3138175,-;Tasks state (memory values in pages):
6,674,3138178,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,675,3138188,-;[     88]  1003    88    17450     1270    49152        0           984 storm-3-1
6,676,3138200,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b1ad9_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d03030c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-3-1,pid=88,uid=1003
3,677,3138282,-;Memory cgroup out of memory: Killed process 88 (storm-3-1) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1003 pgtables:48kB oom_score_adj:984
4,678,3188311,-;storm-5-1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,679,3188440,-;CPU: 0 PID: 90 Comm: storm-5-1 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,680,3188456,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,681,3188466,-;Call Trace:
4,682,3188493,-; <TASK>
4,683,3188517,-; dump_stack_lvl+0x44/0x5c
4,684,3188556,-; dump_header+0x4c/0x22b
4,685,3188567,-; oom_kill_process.cold+0xb/0x10
4,686,3188577,-; out_of_memory+0x1fd/0x4c0
4,687,3188593,-; mem_cgroup_out_of_memory+0x134/0x150
4,688,3188611,-; try_charge_memcg+0x696/0x780
4,689,3188626,-; charge_memcg+0x39/0xf0
4,690,3188634,-; __mem_cgroup_charge+0x28/0x80
4,691,3188643,-; __handle_mm_fault+0x95c/0xfa0
4,692,3188662,-; handle_mm_fault+0xdb/0x2d0
4,693,3188672,-; do_user_addr_fault+0x191/0x560
4,694,3188687,-; exc_page_fault+0x70/0x170
4,695,3188698,-; asm_exc_page_fault+0x22/0x30
4,696,3188716,-;RIP: 0033:0x404fec
4,697,3188745,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,698,3188757,-;RSP: 002b:00007ffc570bdc20 EFLAGS: 00000287
4,699,3188779,-;RAX: 00007ffc570bdc30 RBX: 00000000003fa000 RCX: 0000000000000000
4,700,3188785,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,701,3188790,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,702,3188795,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,703,3188800,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f484185a000
4,704,3188815,-; </TASK>
6,705,3188822,-;memory: usage 4096kB, limit 4096kB, failcnt 167
6,706,3188830,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,707,3188837,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,708,3188961,-;anon 4169728\x0afile 0\x0akernel 24576\x0akernel_stack 0\x0apagetables 16384\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 4169728\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 792\x0aslab 792\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 2038\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,709,3188973,-;Tasks state (memory values in pages):
6,710,3188977,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,711,3188991,-;[     90]  1005    90    17450     1270    49152        0           984 storm-5-1
6,712,3189006,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2b2bea_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d05050c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=storm-5-1,pid=90,uid=1005
3,713,3189151,-;Memory cgroup out of memory: Killed process 90 (storm-5-1) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1005 pgtables:48kB oom_score_adj:984
3,714,3225277,-;Memory cgroup out of memory: Killed process 86 (storm-1-1) total-vm:69800kB, anon-rss:4644kB, file-rss:0kB, shmem-rss:436kB, UID:1001 pgtables:48kB oom_score_adj:984
`,
  /** The log was overrun amid the report. */
  lost: String.raw`6,347,2105352,-;tsc: Refined TSC clocksource calibration: 2095.973 MHz
6,348,2105779,-;clocksource: tsc: mask: 0xffffffffffffffff max_cycles: 0x1e365449e2c, max_idle_ns: 440795202126 ns
6,349,2106007,-;clocksource: Switched to clocksource tsc
4,350,2108810,-;before-0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,351,2109393,-;CPU: 0 PID: 78 Comm: before-0 Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,352,2109481,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,353,2109623,-;Call Trace:
4,354,2110209,-; <TASK>
4,355,2110350,-; dump_stack_lvl+0x44/0x5c
4,356,2110652,-; dump_header+0x4c/0x22b
4,357,2110664,-; oom_kill_process.cold+0xb/0x10
4,358,2110674,-; out_of_memory+0x1fd/0x4c0
4,1666,21127558,-;RSP: 002b:00007ffd58148180 EFLAGS: 00000287
4,1667,21127581,-;RAX: 00007ffd58148190 RBX: 00000000007f9000 RCX: 0000000000000000
4,1668,21127588,-;RDX: 0000000000000003 RSI: 0000000004000000 RDI: 0000000000000000
4,1669,21127593,-;RBP: 0000000004000000 R08: 00000000ffffffff R09: 0000000000000000
4,1670,21127598,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,1671,21127603,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007ffa38e72000
4,1672,21127618,-; </TASK>
6,1673,21127684,-;memory: usage 8192kB, limit 8192kB, failcnt 1171
6,1674,21127697,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,1675,21127704,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2c09c7_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9e2f2e0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope:
6,1676,21127778,-;anon 8359936\x0afile 0\x0akernel 28672\x0akernel_stack 0\x0apagetables 24576\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 8323072\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 344\x0aslab 344\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 24504\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,1677,21127790,-;Tasks state (memory values in pages):
6,1678,21127793,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,1679,21127808,-;[    114]     0   114    17450     2325    53248        0           984 over-35
6,1680,21127927,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9e2f2e0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2c09c7_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9e2f2e0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2c09c7_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9e2f2e0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e.scope,task=over-35,pid=114,uid=0
3,1681,21128099,-;Memory cgroup out of memory: Killed process 114 (over-35) total-vm:69800kB, anon-rss:8864kB, file-rss:0kB, shmem-rss:436kB, UID:0 pgtables:52kB oom_score_adj:984
`,
  /** A tool left all but the last two lines of the report out. */
  cut: `6,390,3251551,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=java,pid=81,uid=1000
3,391,3254028,-;Memory cgroup out of memory: Killed process 81 (java) total-vm:102568kB, anon-rss:25232kB, file-rss:0kB, shmem-rss:436kB, UID:1000 pgtables:88kB oom_score_adj:984
`,
  /** The report proves the kill, and its own line is not there. */
  'kill-line': String.raw`4,356,3243213,-;java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984
4,357,3243562,-;CPU: 0 PID: 81 Comm: java Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2
4,358,3243648,-;Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
4,359,3243749,-;Call Trace:
4,360,3244338,-; <TASK>
4,361,3244518,-; dump_stack_lvl+0x44/0x5c
4,362,3244772,-; dump_header+0x4c/0x22b
4,363,3244785,-; oom_kill_process.cold+0xb/0x10
4,364,3244795,-; out_of_memory+0x1fd/0x4c0
4,365,3244813,-; mem_cgroup_out_of_memory+0x134/0x150
4,366,3244832,-; try_charge_memcg+0x696/0x780
4,367,3244874,-; charge_memcg+0x39/0xf0
4,368,3244884,-; __mem_cgroup_charge+0x28/0x80
4,369,3244894,-; __handle_mm_fault+0x95c/0xfa0
4,370,3244914,-; handle_mm_fault+0xdb/0x2d0
4,371,3244925,-; do_user_addr_fault+0x191/0x560
4,372,3244940,-; exc_page_fault+0x70/0x170
4,373,3244952,-; asm_exc_page_fault+0x22/0x30
4,374,3245062,-;RIP: 0033:0x404fec
4,375,3245394,-;Code: 44 24 10 4d 63 e4 48 89 44 24 08 4d 69 e4 40 42 0f 00 eb 16 66 2e 0f 1f 84 00 00 00 00 00 48 81 c3 00 10 00 00 48 39 eb 74 44 <41> c6 04 1f 01 45 85 f6 74 ea f7 c3 ff ff 0f 00 75 e2 48 8b 7c 24
4,376,3245447,-;RSP: 002b:00007fff239e64c0 EFLAGS: 00000287
4,377,3245481,-;RAX: 00007fff239e64d0 RBX: 00000000017f0000 RCX: 0000000000000000
4,378,3245491,-;RDX: 0000000000000003 RSI: 0000000006000000 RDI: 0000000000000000
4,379,3245501,-;RBP: 0000000006000000 R08: 00000000ffffffff R09: 0000000000000000
4,380,3245509,-;R10: 0000000000004022 R11: 0000000000000246 R12: 0000000000000000
4,381,3245519,-;R13: 0000000000000000 R14: 0000000000000000 R15: 00007f09c2c7e000
4,382,3245596,-; </TASK>
6,383,3246010,-;memory: usage 24576kB, limit 24576kB, failcnt 82
6,384,3246036,-;swap: usage 0kB, limit 9007199254740988kB, failcnt 0
6,385,3246049,-;Memory cgroup stats for /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope:
6,386,3246614,-;anon 25100288\x0afile 0\x0akernel 65536\x0akernel_stack 0\x0apagetables 57344\x0asec_pagetables 0\x0apercpu 0\x0asock 0\x0avmalloc 0\x0ashmem 0\x0afile_mapped 0\x0afile_dirty 0\x0afile_writeback 0\x0aswapcached 0\x0aanon_thp 0\x0afile_thp 0\x0ashmem_thp 0\x0ainactive_anon 25075712\x0aactive_anon 0\x0ainactive_file 0\x0aactive_file 0\x0aunevictable 0\x0aslab_reclaimable 0\x0aslab_unreclaimable 568\x0aslab 568\x0aworkingset_refault_anon 0\x0aworkingset_refault_file 0\x0aworkingset_activate_anon 0\x0aworkingset_activate_file 0\x0aworkingset_restore_anon 0\x0aworkingset_restore_file 0\x0aworkingset_nodereclaim 0\x0apgscan 0\x0apgsteal 0\x0apgscan_kswapd 0\x0apgscan_direct 0\x0apgsteal_kswapd 0\x0apgsteal_direct 0\x0apgfault 6129\x0apgmajfault 0\x0apgrefill 0\x0apgactivate 0\x0apgdeactivate 0\x0apglazyfree 0\x0apglazyfreed 0\x0athp_fault_alloc 0\x0athp_collapse_alloc 0
6,387,3246637,-;Tasks state (memory values in pages):
6,388,3246644,-;[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
6,389,3246737,-;[     81]  1000    81    25642     6417    90112        0           984 java
6,390,3251551,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,mems_allowed=0,oom_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task_memcg=/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0c2a5f1e_7b34_4d1c_9a53_6e2f8d0b4a17.slice/cri-containerd-3f9d0c5b7a8e4126b1c3d5e7f90a2b4c6d8e0f1a3b5c7d9e1f2a4b6c8d0e2f41.scope,task=java,pid=81,uid=1000
`,
} as const;
