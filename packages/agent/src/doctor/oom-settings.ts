import { readFileSync } from 'node:fs';
import { type Finding, ok, warning } from './finding.js';

const check = 'OOM settings';

/** Settings of the kernel that take away kills or parts of their reports (Documentation/admin-guide/sysctl/vm.rst). */
export function oomSettings(read: (name: string) => string = readSetting): Finding {
  if (read('panic_on_oom') !== '0') {
    return warning(
      check,
      'vm.panic_on_oom is set: when the node has no memory left the kernel panics, and nobody can report the kill',
      'set vm.panic_on_oom to 0',
    );
  }
  if (read('oom_dump_tasks') === '0') {
    return warning(
      check,
      'vm.oom_dump_tasks is 0: reports do not list the biggest processes',
      'set vm.oom_dump_tasks to 1',
    );
  }
  return ok(check, 'the kernel kills instead of panicking, and its reports list the processes');
}

function readSetting(name: string): string {
  try {
    return readFileSync(`/proc/sys/vm/${name}`, 'utf8').trim();
  } catch {
    // Where /proc/sys is hidden the kernel's defaults are the best that can be said.
    return name === 'oom_dump_tasks' ? '1' : '0';
  }
}
