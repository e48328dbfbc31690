import { accessSync, constants } from 'node:fs';
import { ring } from '../suites/ring.ts';
import { syslog } from '../suites/syslog.ts';
import type { Measurement } from './measurement.ts';

const names = {
  floor: 'native against the bare C loop: processor time, rate',
  portable: 'native against portable: processor time, rate',
  port: 'parse against the regular expressions: rate',
};

/** Ratios between contenders of one run. */
export async function againstRivals(): Promise<Measurement[]> {
  return [...(await onTheRing()), await parser()];
}

async function onTheRing(): Promise<Measurement[]> {
  try {
    accessSync('/dev/kmsg', constants.R_OK | constants.W_OK);
  } catch (error) {
    const skipped = `the kernel's ring cannot be used: ${(error as Error).message}`;
    return [names.floor, names.portable].map((name) => ({ name, skipped }));
  }
  const [result] = await ring({
    rounds: 15,
    streamRounds: 0,
    contents: ['unrelated records'],
    contenders: ['native', 'portable'],
  });
  // The upper end of the interval: slower for certain. Where each wake-up costs a millisecond of processor time, as on a virtual
  // machine with slow idle processors, the median of 15 rounds was 0.72 once and 0.97 half an hour later.
  const rate = (name: string) =>
    result?.contenders.find((contender) => contender.name === name)?.cpuRate.high as number;
  return [
    { name: names.floor, value: rate('native') },
    { name: names.portable, value: rate('native') / rate('portable') },
  ];
}

/** So large that it is not the starting of Node and of a checkout's modules that is compared: on 128 MiB it is half. */
const syslogBytes = 512 * 1024 ** 2;

async function parser(): Promise<Measurement> {
  const { contenders } = await syslog({ bytes: syslogBytes, rounds: 3 });
  return { name: names.port, value: contenders[1]?.timesOurs ?? 0 };
}
