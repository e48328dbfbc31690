import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { OomLine } from '@oomwatcher/oom';

const folder = new URL('../fixtures/', import.meta.url);

/** What really happened, seen from outside the log: wait(2), the cgroups' own files, /proc/vmstat. */
export interface Truth {
  kills: TrueKill[];
  vmstat_oom_kill: { before: number; after: number | null };
}

export interface TrueKill {
  pid: number;
  comm_hex: string;
  cgroup: string;
  /** The path's bytes where `cgroup` does not hold them. */
  cgroup_hex?: string;
  oom_cgroup?: string;
  kind: 'memcg' | 'global' | 'sysrq' | 'mempolicy' | 'cpuset';
}

/** All captures; with a `--`, those that have a truth. */
export function captureNames(): string[] {
  return readdirSync(folder)
    .filter((file) => /\.kmsg(\.gz)?$/.test(file))
    .map((file) => file.replace(/\.kmsg(\.gz)?$/, ''))
    .sort();
}

export function readTruth(name: string): Truth {
  return JSON.parse(readFileSync(new URL(`${name}.truth.json`, folder), 'utf8'));
}

const cache = new Map<string, readonly OomLine[]>();

/** The records of a capture, each as the log's readers hand it over. */
export function readCapture(name: string): readonly OomLine[] {
  let lines = cache.get(name);
  if (lines === undefined) {
    lines = splitCapture(captureBytes(name));
    cache.set(name, lines);
  }
  return lines;
}

function captureBytes(name: string): string {
  try {
    return readFileSync(new URL(`${name}.kmsg`, folder), 'latin1');
  } catch {
    return gunzipSync(readFileSync(new URL(`${name}.kmsg.gz`, folder))).toString('latin1');
  }
}

export function splitCapture(bytes: string): OomLine[] {
  const lines: OomLine[] = [];
  for (const record of bytes.split('\n')) {
    // A record's dictionary follows it in lines that begin with a space.
    if (record === '' || record.startsWith(' ')) continue;
    const [, priority, seq, timestamp, flag, text] =
      /^(\d+),(\d+),(\d+),(.)[^;]*;(.*)$/.exec(record) ?? [];
    if (text === undefined) throw new Error(`not a record: ${record}`);
    lines.push({
      seq: BigInt(seq!),
      timestampUs: Number(timestamp),
      priority: Number(priority),
      flag: flag!,
      text: decodeEscapes(text),
    });
  }
  return lines;
}

function decodeEscapes(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export function hexToLatin1(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1');
}

/** How a Kill writes bytes: UTF-8 where it is, `\xNN` for each byte that is not. */
export function display(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((count) => isCharacter(utf8, bytes.subarray(at, at + count)));
    text +=
      length === undefined
        ? `\\x${bytes[at]!.toString(16).padStart(2, '0')}`
        : utf8.decode(bytes.subarray(at, at + length));
    at += length ?? 1;
  }
  return text;
}

function isCharacter(utf8: InstanceType<typeof TextDecoder>, bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
