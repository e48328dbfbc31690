import { type AccessFacts, readAccessFacts } from '@oomwatcher/kmsg';
import { type Finding, missing, ok } from './finding.js';

const check = 'CAP_SYSLOG';

/** Whether the kernel lets this process read its log, for as long as it is configured as it is. */
export function capability(facts: AccessFacts = readAccessFacts()): Finding {
  const { dmesgRestrict, syslogCapability } = facts;
  if (!dmesgRestrict) {
    return ok(check, 'not needed: kernel.dmesg_restrict is 0, and everybody may read the log');
  }
  if (syslogCapability) return ok(check, 'kernel.dmesg_restrict is 1 and this process has it');
  return missing(
    check,
    'kernel.dmesg_restrict is 1 and this process lacks it',
    'run it as root or grant the capability, in Kubernetes with securityContext.capabilities.add: [SYSLOG]',
  );
}
