/** What an agent in plain JavaScript does with a record: it looks for the kernel's kill line, and takes pid and name. */
export class KillFinder {
  found = 0;
  records = 0;
  lost = 0;
  lastSeq = -1;

  record(record: string): void {
    const semicolon = record.indexOf(';');
    const [priority = '', seq = ''] = record.slice(0, semicolon).split(',', 3);
    const number = Number(seq);
    if (this.lastSeq >= 0 && number > this.lastSeq) this.lost += number - this.lastSeq - 1;
    this.lastSeq = number;
    this.records++;
    if (Number(priority) >= 8 || !record.includes('Killed process ', semicolon)) return;
    if (/Killed process (\d+) \((.+)\) total-vm/.test(record)) this.found++;
  }
}
