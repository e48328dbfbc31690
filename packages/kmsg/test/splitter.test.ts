import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { join } from '../src/sequence.js';
import { RecordSplitter } from '../src/splitter.js';

function split(record: string) {
  const bytes = Buffer.from(record, 'latin1');
  const splitter = new RecordSplitter();
  if (!splitter.split(bytes, 0, bytes.length)) return undefined;
  return {
    priority: splitter.priority,
    seq: join(splitter.seqHigh, splitter.seqLow),
    timestampUs: splitter.timestampUs,
    flag: splitter.flag === 0 ? '' : String.fromCharCode(splitter.flag),
    text: record.slice(splitter.textStart, splitter.textEnd),
  };
}

describe('a record splits into prefix and text', () => {
  it('a plain record keeps all its fields', () => {
    expect(split('6,1,2,-;x\n')).toEqual({
      priority: 6,
      seq: 1n,
      timestampUs: 2,
      flag: '-',
      text: 'x',
    });
  });

  it.each([30, 191, 2047])('priority %i keeps facility and level', (priority) => {
    expect(split(`${priority},1,2,-;x\n`)?.priority).toBe(priority);
  });

  it.each([18446744073709551615n, 9007199254740993n, 4294967296n, 4294967295n, 0n])(
    'sequence number %i loses no digit in a double',
    (seq) => {
      expect(split(`6,${seq},2,-;x\n`)?.seq).toBe(seq);
    },
  );

  it.each([',caller=T123', ',foo=bar', ',a,b,c'])(
    'an unknown prefix field "%s" is no error',
    (field) => {
      expect(split(`6,1,2,-${field};x\n`)?.text).toBe('x');
    },
  );

  it.each(['-', 'c', '+', '?'])('flag "%s" is taken as it is', (flag) => {
    expect(split(`6,1,2,${flag};x\n`)?.flag).toBe(flag);
  });

  it('an empty flag field is no flag', () => {
    expect(split('6,1,2,;x\n')?.flag).toBe('');
    expect(split('6,1,2,,caller=T1;x\n')?.flag).toBe('');
  });

  it('an empty text is a record: the kernel writes one when a last piece was only a newline', () => {
    expect(split('6,1,2,c;\n')?.text).toBe('');
  });

  it('a record cut by the kernel has no newline and is still whole', () => {
    expect(split('6,1,2,-;cut her')?.text).toBe('cut her');
    expect(split('6,1,2,-;')?.text).toBe('');
  });

  it('a semicolon in the text does not end the prefix', () => {
    expect(split('6,1,2,-;a;b\n')?.text).toBe('a;b');
  });

  it('dictionary lines are not part of the text', () => {
    expect(split('6,1,2,-;acpi\n SUBSYSTEM=acpi\n DEVICE=+acpi:x\n')?.text).toBe('acpi');
  });

  it('an escaped newline in the text makes no dictionary line', () => {
    expect(split('6,1,2,-;a\\x0a SUBSYSTEM=x\n')?.text).toBe('a\\x0a SUBSYSTEM=x');
  });

  it.each([
    '',
    '\n',
    ';',
    ' SUBSYSTEM=acpi\n',
    'no prefix at all\n',
    '6,1,2,-no semicolon\n',
    '6,1,2;three fields\n',
    '6,1;two fields\n',
    '6;one field\n',
    ',1,2,-;x\n',
    '6,,2,-;x\n',
    '6,1,,-;x\n',
    'a,1,2,-;x\n',
    '6,b,2,-;x\n',
    '6,1,c,-;x\n',
    '-6,1,2,-;x\n',
    '6, 1,2,-;x\n',
    '2048,1,2,-;x\n',
    '6,18446744073709551616,2,-;x\n',
    '6,99999999999999999999999,2,-;x\n',
    '6,1,18446744073709551616,-;x\n',
    '6,1,2,-\n KEY=a;b\n',
  ])('malformed %j is refused without an exception', (record) => {
    expect(split(record)).toBeUndefined();
  });

  it('bytes of an earlier record behind the end are not read', () => {
    const splitter = new RecordSplitter();
    const bytes = Buffer.from('6,1,2,-;x\n6,1,2,-;old text\n', 'latin1');
    for (let end = 0; end < 8; end++) expect(splitter.split(bytes, 0, end)).toBe(false);
    expect(splitter.split(bytes, 0, 8)).toBe(true);
    expect(splitter.textEnd).toBe(8);
  });

  it('whatever is written as a record is read back', () => {
    const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const text = fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\n', ''));
    fc.assert(
      fc.property(fc.nat(2047), u64, u64, text, (priority, seq, timestamp, body) => {
        expect(split(`${priority},${seq},${timestamp},c,k=v;${body}\n A=B\n`)).toEqual({
          priority,
          seq,
          timestampUs: Number(timestamp),
          flag: 'c',
          text: body,
        });
      }),
    );
  });

  it('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'06,;-c\n \\x') }), (record) => {
        split(record);
      }),
    );
  });
});
