// Long, because each form is a few lines, and all stand side by side.

import type { LogLine } from '../../src/index.js';

/**
 * A capture as people post it and programs ship it: a writer for each form. Where a text has a newline, what writes lines
 * repeats its prefix, as the kernel does on its console.
 */

export interface Form {
  name: string;
  print: (lines: readonly LogLine[], host: string) => string | Uint8Array;
  /** The form names the machine, so that two machines' lines may be mixed. */
  namesHost?: true;
  /** A form of lines, each of them one of the log: it can be quoted and broken again. */
  ofLines?: true;
  /** Names with bytes that are not printable ASCII do not come through. */
  printableOnly?: true;
}

const bootMs = Date.UTC(2026, 10, 23, 16, 0, 0);
const pad = (value: number, length: number, fill = '0') => String(value).padStart(length, fill);
const us = (line: LogLine) => line.timestampUs ?? 0;
const date = (line: LogLine) => new Date(bootMs + us(line) / 1000);
const stamp = (line: LogLine) =>
  `[${pad(Math.floor(us(line) / 1e6), 5, ' ')}.${pad(us(line) % 1e6, 6)}]`;
const iso = (line: LogLine) => date(line).toISOString();
const day = (line: LogLine) => pad(date(line).getUTCDate(), 2, ' ');
const clock = (line: LogLine) => iso(line).slice(11, 19);
const month = (line: LogLine) => date(line).toUTCString().slice(8, 11);
const weekday = (line: LogLine) => date(line).toUTCString().slice(0, 3);
const syslogDate = (line: LogLine) => `${month(line)} ${day(line)} ${clock(line)}`;
const levels = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const level = (line: LogLine) => levels[(line.priority ?? 6) & 7]!;
const dmesg = (line: LogLine) => `${stamp(line)} `;

type Prefix = (line: LogLine, index: number, host: string) => string;

/** `prefix` before every line of every text. */
function prefixed(prefix: Prefix, end = '\n'): Form['print'] {
  return (lines, host) =>
    lines
      .flatMap((line) => line.text.split('\n').map((text) => ({ line, text })))
      .map(({ line, text }, index) => `${prefix(line, index, host)}${text}${end}`)
      .join('');
}

/** One record of a shipper a line. */
function records(record: (text: string, line: LogLine, host: string) => unknown): Form['print'] {
  return (lines, host) =>
    Buffer.from(
      lines.map((line) => `${JSON.stringify(record(utf8(line.text), line, host))}\n`).join(''),
    );
}

const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8');

const syslogLine = (text: string, line: LogLine, host: string) =>
  `${syslogDate(line)} ${host} kernel: ${stamp(line)} ${text}`;

/** Tools that put something before the lines of dmesg or of a console. */
const stamped: Record<string, Prefix> = {
  'one blank': (line) => ` ${dmesg(line)}`,
  'four blanks': (line) => `    ${dmesg(line)}`,
  'a tab': (line) => `\t${dmesg(line)}`,
  'a blank that does not break': (line) => `\xc2\xa0${dmesg(line)}`,
  'a mail that quotes': (line) => `> ${dmesg(line)}`,
  'a mail that quotes a quote': (line) => `> > ${dmesg(line)}`,
  'a quote without a blank': (line) => `>${dmesg(line)}`,
  'a table': (line) => `| ${dmesg(line)}`,
  'grep -n': (line, index) => `${index + 1}:${dmesg(line)}`,
  'grep of a context': (line, index) => `${index + 1}-${dmesg(line)}`,
  'grep of files': (line) => `dmesg.txt:${dmesg(line)}`,
  'grep -n of files': (line, index) => `logs/dmesg.0:${index + 1}:${dmesg(line)}`,
  'cat -n': (line, index) => `${pad(index + 1, 6, ' ')}\t${dmesg(line)}`,
  ts: (line) => `${syslogDate(line)} ${dmesg(line)}`,
  'ts of its own form': (line) => `${iso(line).slice(0, 19).replace('T', ' ')} ${dmesg(line)}`,
  'two stamps': (line) => `[${iso(line).slice(0, 19).replace('T', ' ')}] ${dmesg(line)}`,
  'a build log': (line) => `[${iso(line)}] ${dmesg(line)}`,
  'GitHub Actions': (line) => `${iso(line).slice(0, 23)}1234Z ${dmesg(line)}`,
  tai64n: (line) =>
    `@4${(BigInt(Math.floor(date(line).getTime() / 1000)) + 37n).toString(16).padStart(15, '0')}3a920a9c kern.${level(line)}: ${dmesg(line)}`,
  svlogd: (line) =>
    `${iso(line).slice(0, 19).replace('T', '_')}.12345 kern.${level(line)}: ${dmesg(line)}`,
  metalog: (line) => `${syslogDate(line)} [kernel] ${dmesg(line)}`,
  'a tag alone': (line) => `kernel: ${dmesg(line)}`,
  'a domain of Xen': (line) => `(d1) ${dmesg(line)}`,
  'a guest console of Xen': (line) =>
    `(XEN) [${iso(line).slice(0, 19).replace('T', ' ')}] ${dmesg(line)}`,
  Samsung: (line) => `${stamp(line)} [0:          memhog:  123] `,
  'Samsung with a level': (line) =>
    `<${line.priority ?? 6}>${stamp(line)} [2:  kworker/u8:1:   60] `,
  LG: (line) =>
    `<${line.priority ?? 6}>[${pad(Math.floor(us(line) / 1e6), 5, ' ')}.${pad(us(line) % 1e6, 6)} / ${iso(line).slice(5, 10)} ${iso(line).slice(11, 23)}] `,
  Huawei: (line) =>
    `<${line.priority ?? 6}>[${pad(Math.floor(us(line) / 1e6), 5, ' ')}.${pad(us(line) % 1e6, 6)}s][pid:2912,cpu3,sh]`,
  MediaTek: (line) => `<${line.priority ?? 6}>${stamp(line)} (1)[2912:sh]`,
  'a caller': (line) => `${stamp(line)}[   T12] `,
  'a colon after the time': (line) => `${stamp(line)}: `,
  'netconsole in syslog': (line) => `${iso(line)} 10.1.2.3 ${dmesg(line)}`,
};

const builds: Record<string, Prefix> = {
  'GitLab trace': (line) => `${iso(line).slice(0, 23)}456Z 01O ${dmesg(line)}`,
  TeamCity: (line) => `[${clock(line)}][Step 2/5] ${dmesg(line)}`,
  'TeamCity with a warning': (line) => `[${clock(line)}]W:\t [Step 2/5] ${dmesg(line)}`,
  'Jenkins timestamps': (line) => `${clock(line)}  ${dmesg(line)}`,
  'Jenkins branch': (line) => `[integration] ${dmesg(line)}`,
  'IOS XE': (line) => `*${syslogDate(line)}.123: %IOSXE-4-PLATFORM: R0/0: kernel: ${dmesg(line)}`,
  "another program's tag": (line) => `${syslogDate(line)} node1 dockerd[812]: ${dmesg(line)}`,
  'a tag twice': (line) => `${syslogDate(line)} node1 kernel: kernel: ${dmesg(line)}`,
  "klogd's facility": (line) => `${syslogDate(line)} node1 user.warn kernel: ${dmesg(line)}`,
};

/** Dates alone: the lines have no time of the kernel's. */
const dated: Record<string, Prefix> = {
  'ISO with a blank': (line, _, host) =>
    `${iso(line).slice(0, 19).replace('T', ' ')} ${host} kernel: `,
  'ISO without a host': (line) => `${iso(line).slice(0, 19)} kernel: `,
  slashes: (line, _, host) =>
    `${iso(line).slice(0, 19).replaceAll('-', '/').replace('T', ' ')} ${host} kernel: `,
  Chinese: (line, _, host) =>
    `${date(line).getUTCMonth() + 1}\xe6\x9c\x88 ${day(line)} ${clock(line)} ${host} kernel: `,
  Korean: (line, _, host) =>
    `${date(line).getUTCMonth() + 1}\xec\x9b\x94 ${day(line)} ${clock(line)} ${host} kernel: `,
  Vietnamese: (line, _, host) =>
    `Thg ${date(line).getUTCMonth() + 1} ${day(line)} ${clock(line)} ${host} kernel: `,
  French: (line, _, host) => `nov. ${day(line)} ${clock(line)} ${host} kernel: `,
  'tabs for blanks': (line, _, host) => `${syslogDate(line)} ${host}\tkernel: `,
  vmunix: (line, _, host) => `${syslogDate(line)} ${host} vmunix: `,
  'a level before the tag': (line, _, host) =>
    `${syslogDate(line)} ${host} kern.${level(line)} kernel: `,
  'RFC 5424, two blanks': (line, _, host) =>
    `<${line.priority ?? 6}>1 ${iso(line).replace('Z', '+00:00')} ${host} kernel - - -  `,
  logread: (line) =>
    `${weekday(line)} ${month(line)} ${day(line)} ${clock(line)} 2026 kern.${level(line)} kernel: ${dmesg(line)}`,
  Talos: (line) => `kern: ${level(line).padStart(7)}: [${iso(line).slice(0, 23)}515542Z]: `,
  'short-delta': (line, _, host) => `${stamp(line).slice(0, -1)} <    0.000011 >] ${host} kernel: `,
  'Splunk search': (line, _, host) =>
    `${date(line).getUTCMonth() + 1}/${day(line).trim()}/26 4:15:15.000 PM ${syslogDate(line)} ${host} kernel: `,
  'a file of another': (line, _, host) => `/var/log/messages:${syslogDate(line)} ${host} kernel: `,
  'a numbered file': (line, index, host) =>
    `/var/log/messages-20261123:${index + 7}:${syslogDate(line)} ${host} kernel: ${dmesg(line)}`,
  'a mail of a syslog': (line, _, host) => `> ${syslogDate(line)} ${host} kernel: ${dmesg(line)}`,
  CloudWatch: (line, _, host) => `${iso(line)} ${syslogDate(line)} ${host} kernel: ${dmesg(line)}`,
  logcli: (line, _, host) =>
    `${iso(line)} {job="syslog", node="${host}"} ${syslogDate(line)} ${host} kernel: `,
  stern: (line, _, host) => `dmesg-${host} reader ${dmesg(line)}`,
  compose: (line, _, host) => `${host}-1  | ${dmesg(line)}`,
  'kubectl --prefix': (line, _, host) => `[pod/${host}/dmesg] ${dmesg(line)}`,
  klog: (line, _, host) => `I1123 16:15:15.123456    4242 tail.go:17] ${host}: ${dmesg(line)}`,
};

const namesNoHost = new Set(['ISO without a host', 'logread', 'Talos']);

const shippers: Record<string, Form['print']> = {
  filebeat: records((text, line, host) => ({
    '@timestamp': iso(line),
    log: { file: { path: '/var/log/messages' }, offset: 100 },
    message: syslogLine(text, line, host),
    host: { name: host },
  })),
  'fluent-bit': records((text, line, host) => ({
    date: us(line) / 1e6,
    host,
    ident: 'kernel',
    message: text,
  })),
  'fluent-bit tail': records((text, line, host) => ({
    date: iso(line),
    log: syslogLine(text, line, host),
  })),
  vector: records((text, line, host) => ({
    appname: 'kernel',
    facility: 'kern',
    host,
    message: text,
    severity: level(line),
    timestamp: iso(line),
  })),
  GELF: records((text, line, host) => ({
    version: '1.1',
    host,
    short_message: text,
    timestamp: date(line).getTime() / 1000,
    level: line.priority,
    _facility: 'kern',
  })),
  'docker json-file': records((text, line) => ({
    log: `${dmesg(line)}${text}\n`,
    stream: 'stdout',
    time: iso(line),
  })),
  'CloudWatch events': records((text, line, host) => ({
    timestamp: date(line).getTime(),
    message: syslogLine(text, line, host),
    ingestionTime: 1,
  })),
  'Cloud Logging': records((text, line, host) => ({
    insertId: `a${us(line)}`,
    jsonPayload: {
      MESSAGE: text,
      PRIORITY: String(line.priority),
      SYSLOG_IDENTIFIER: 'kernel',
      _TRANSPORT: 'kernel',
      _HOSTNAME: host,
    },
    timestamp: iso(line),
  })),
  'Cloud Logging as text': records((text, line, host) => ({
    textPayload: syslogLine(text, line, host),
    timestamp: iso(line),
    resource: { labels: { node_name: host } },
  })),
  Loki: records((text, line, host) => ({
    labels: { host },
    line: `${dmesg(line)}${text}`,
    timestamp: iso(line),
  })),
  Elasticsearch: records((text, line, host) => ({
    _index: 'syslog',
    _source: {
      '@timestamp': iso(line),
      host: { hostname: host },
      message: text,
      process: { name: 'kernel' },
    },
  })),
  'json-sse': (lines, host) =>
    Buffer.from(
      lines
        .map(
          (line) =>
            `data: ${JSON.stringify({ MESSAGE: utf8(line.text), _TRANSPORT: 'kernel', PRIORITY: '4', SYSLOG_IDENTIFIER: 'kernel', _HOSTNAME: host, _SOURCE_MONOTONIC_TIMESTAMP: String(us(line)) })}\n\n`,
        )
        .join(''),
    ),
  'pretty JSON': (lines, host) =>
    Buffer.from(
      `${JSON.stringify({ events: lines.map((line) => ({ timestamp: 1, message: syslogLine(utf8(line.text), line, host) })) }, null, 4)}\n`,
    ),
  'Splunk CSV': (lines, host) =>
    `"_time","host","_raw"\n${lines.map((line) => `"${iso(line)}","${host}","${syslogLine(line.text, line, host).replaceAll('"', '""')}"\n`).join('')}`,
  logfmt: (lines, host) =>
    lines
      .map(
        (line) =>
          `time=${iso(line)} level=info host=${host} msg=${JSON.stringify(`${dmesg(line)}${line.text}`)}\n`,
      )
      .join(''),
  HTML: (lines) =>
    `<html><body><pre>${lines.map((line) => `${dmesg(line)}${line.text}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')).join('\n')}</pre></body></html>\n`,
  'HTML with breaks': (lines) =>
    lines
      .map((line) =>
        `${dmesg(line)}${line.text}`
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('  ', ' &nbsp;'),
      )
      .join('<br/>\n'),
  'octet counting': (lines, host) =>
    lines
      .map(
        (line) =>
          `<${line.priority ?? 6}>1 ${iso(line)} ${host} kernel - - - ${line.text.replaceAll('\n', '#012')}`,
      )
      .map((line) => `${line.length} ${line}\n`)
      .join(''),
  Kata: (lines, host) =>
    lines
      .map(
        (line) =>
          `${syslogDate(line)} ${host} kata[288514]: time="${iso(line)}" level=debug msg="reading guest console" name=containerd-shim-v2 pid=288514 source=virtcontainers vmconsole=${JSON.stringify(`${dmesg(line)}${line.text}`)}\n`,
      )
      .join(''),
  'verbose journal': (lines, host) =>
    lines
      .map(
        (line) =>
          `${weekday(line)} ${iso(line).slice(0, 10)} ${clock(line)}.123456 UTC [s=0;i=${us(line)};b=0;m=1;t=2;x=3]\n    _HOSTNAME=${host}\n    _TRANSPORT=kernel\n    PRIORITY=4\n    SYSLOG_IDENTIFIER=kernel\n    MESSAGE=${line.text.replaceAll('\n', '\n            ')}\n`,
      )
      .join(''),
};

/** A terminal breaks at its width. */
export function hard(width: number, print: Form['print']): Form['print'] {
  return (lines, host) =>
    (print(lines, host) as string).replace(new RegExp(`[^\\n]{${width}}(?=[^\\n])`, 'g'), '$&\n');
}

/** A mailer breaks at the last blank before the column, if there is one. */
export function soft(column: number, print: Form['print'], quote = ''): Form['print'] {
  return (lines, host) =>
    (print(lines, host) as string)
      .split('\n')
      .map((line) => {
        const out: string[] = [];
        let rest = line;
        while (rest.length > column) {
          let cut = rest.lastIndexOf(' ', column);
          if (cut <= 0) cut = rest.indexOf(' ', column);
          if (cut <= 0) break;
          out.push(rest.slice(0, cut));
          rest = rest.slice(cut + 1);
        }
        return [...out, rest].map((piece) => `${quote}${piece}`).join('\n');
      })
      .join('\n');
}

const plainDmesg = prefixed((line) => dmesg(line));
const plainSyslog = prefixed(
  (line, _, host) => `${syslogDate(line)} ${host} kernel: ${dmesg(line)}`,
);

const wrapped: Record<string, Form['print']> = {
  'a terminal of 80': hard(80, plainDmesg),
  'a terminal of 100': hard(100, plainDmesg),
  'a terminal of 132, syslog': hard(132, plainSyslog),
  'a mail of 72': soft(72, plainDmesg),
  'a mail of 78, syslog': soft(78, plainSyslog),
  'a mail of 72, quoted': soft(72, plainDmesg, '> '),
};

const utf16 = (text: string | Uint8Array, big: boolean, mark: boolean) => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${utf8(text as string)}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

const encodings: Record<string, Form['print']> = {
  'UTF-16 with a mark': (lines, host) =>
    utf16(prefixed((line) => dmesg(line), '\r\n')(lines, host), false, true),
  'UTF-16, big, with a mark': (lines, host) => utf16(plainDmesg(lines, host), true, true),
  'UTF-16 without a mark': (lines, host) => utf16(plainSyslog(lines, host), false, false),
  'UTF-8 with a mark': (lines, host) => `\xef\xbb\xbf${plainDmesg(lines, host)}`,
  'CR CR LF': prefixed((line) => dmesg(line), '\r\r\n'),
  'LF CR': prefixed((line) => dmesg(line), '\n\r'),
  'blanks at the end': prefixed((line) => dmesg(line), '  \n'),
};

/** Newest first: the records are turned, not the lines of a text. */
function turned(print: Form['print']): Form['print'] {
  return (lines, host) => print([...lines].reverse(), host);
}

const mail = (encoding: string, body: string) =>
  `From: ops@example.org\nSubject: dmesg\nMIME-Version: 1.0\nContent-Transfer-Encoding: ${encoding}\n\n${body}\n`;
const quotedPrintable = (text: string) =>
  text
    .replace(
      /[^\n\x20-\x3c\x3e-\x7e]/g,
      (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .replace(/[^\n]{1,70}(?=[^\n])/g, (piece) => {
      const cut = /=.?$/.exec(piece);
      return cut === null ? `${piece}=\n` : `${piece.slice(0, cut.index)}=\n${cut[0]}`;
    });

/** All lines in one: the newlines are gone, or the lines are strings of one document. */
const together: Record<string, Form['print']> = {
  'CR alone': prefixed((line) => dmesg(line), '\r'),
  'one line, by blanks': prefixed((line) => dmesg(line), ' '),
  'one line': prefixed((line) => dmesg(line), ''),
  'one line of syslog': (lines, host) => (plainSyslog(lines, host) as string).replaceAll('\n', ' '),
  'octet counting on one line': (lines, host) =>
    lines
      .map((line) => line.text.replaceAll('\n', '#012'))
      .map((text, i) => `<6>1 ${iso(lines[i]!)} ${host} kernel - - - ${text}`)
      .map((frame) => `${frame.length} ${frame}`)
      .join(''),
  'JSON on one line': (lines, host) =>
    Buffer.from(
      `${JSON.stringify({ events: lines.map((line) => ({ timestamp: 1, message: syslogLine(utf8(line.text), line, host) })) })}\n`,
    ),
  'a mail in base64': (lines, host) =>
    mail(
      'base64',
      Buffer.from(plainDmesg(lines, host) as string, 'latin1')
        .toString('base64')
        .replace(/.{76}/g, '$&\n'),
    ),
  'a mail in quoted-printable': (lines, host) =>
    mail('quoted-printable', quotedPrintable(plainDmesg(lines, host) as string)),
};

const newestFirst: Record<string, Form['print']> = {
  'dmesg, newest first': turned(plainDmesg),
  'journalctl -r': turned(prefixed((line, _, host) => `${syslogDate(line)} ${host} kernel: `)),
  'JSON, newest first': turned(shippers.filebeat!),
  'Cloud Logging, newest first': turned(shippers['Cloud Logging']!),
  'CSV, newest first': turned(shippers['Splunk CSV']!),
};

const formsOf = (prints: Record<string, Form['print']>, more: Partial<Form> = {}): Form[] =>
  Object.entries(prints).map(([name, print]) => ({ name, print, ...more }));
const prefixes = (table: Record<string, Prefix>) =>
  Object.fromEntries(Object.entries(table).map(([name, prefix]) => [name, prefixed(prefix)]));

export const forms: Form[] = [
  ...formsOf(prefixes(stamped), { ofLines: true }),
  ...formsOf(prefixes(builds), { ofLines: true }),
  ...formsOf(prefixes(dated), { ofLines: true }).map(
    (form): Form => (namesNoHost.has(form.name) ? form : { ...form, namesHost: true }),
  ),
  ...formsOf(shippers),
  ...formsOf(wrapped, { printableOnly: true }),
  ...formsOf(encodings),
  ...formsOf(together, { printableOnly: true }),
  ...formsOf(newestFirst),
];
