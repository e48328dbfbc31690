// Tells a chat of every OOM kill of this node: each once, also when it was killed and started again.
//
//   WEBHOOK_URL=https://hooks.slack.com/services/… node chat-notifier.mts
//
// It posts {"text": "…"}. What the chat does not take is tried five times; then the program ends with 1, and goes on with that
// very kill when it is started again (systemd: Restart=always).
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kill, watch } from '@oomwatcher/watcher';

const { WEBHOOK_URL: webhook = '', CURSOR_FILE = 'cursor.json' } = process.env;
const attempts = 5;

// What is wrong with the log, the cursor or its folder, in one sentence; Restart=always tries again.
process.on('uncaughtException', ({ message }) => {
  console.error(message);
  process.exit(1);
});
const help = "set WEBHOOK_URL to the address of the chat's incoming webhook";
if (!URL.canParse(webhook)) throw new Error(help);

/** Beside it and renamed: whoever is killed in between leaves the old one whole. */
function saveCursor(): void {
  if (watcher.cursor === undefined) return;
  writeFileSync(`${CURSOR_FILE}.new`, JSON.stringify(watcher.cursor), { flush: true });
  renameSync(`${CURSOR_FILE}.new`, CURSOR_FILE);
}

/** A process chooses its name, and a name may be `<!channel>`: only what no chat takes for more than text. */
const plain = (name: string) => name.replace(/[^\w./:-]/g, '?');

function sentence({ victim, cgroup, memory, scope }: Kill): string {
  const who = victim === undefined ? 'a process' : `${plain(victim.name)} (${victim.pid})`;
  const where = cgroup?.victim === undefined ? '' : ` in ${plain(cgroup.victim)}`;
  const used = memory?.usageKiB === undefined ? '' : `, ${Math.round(memory.usageKiB / 1024)} MiB`;
  return `OOM kill on ${hostname()}: ${who}${where}${used}, limit of: ${scope ?? 'not known'}`;
}

/** What the chat says against it; undefined: it took the kill. A receiver knows by the key what it is told again. */
async function post(kill: Kill): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': kill.id };
  const body = JSON.stringify({ text: sentence(kill) });
  const signal = AbortSignal.timeout(10_000);
  try {
    // A redirect would make a GET of it, and the kill seem to be taken.
    const init = { method: 'POST', headers, body, signal, redirect: 'error' } as const;
    const answer = await fetch(webhook, init);
    await answer.text();
    return answer.ok ? undefined : `status ${answer.status}`;
  } catch (error) {
    return String((error as Error).cause ?? error);
  }
}

async function tell(kill: Kill): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const refusal = await post(kill);
    if (refusal === undefined) return;
    console.error(`attempt ${attempt} of ${attempts} to tell ${kill.id}: ${refusal}`);
    if (attempt === attempts) process.exit(1);
    await sleep(1000 * 2 ** (attempt - 1));
  }
}

let isTelling = false;
const stored = existsSync(CURSOR_FILE) ? readFileSync(CURSOR_FILE, 'utf8') : undefined;
const watcher = watch({ cursor: stored === undefined ? undefined : JSON.parse(stored) });
// The log goes on where nothing is killed: a cursor that stayed behind would be overrun, and look like a loss.
setInterval(() => isTelling || saveCursor(), 60_000).unref();
for await (const event of watcher.events()) {
  isTelling = true;
  if (event.kind === 'kill') await tell(event.kill);
  if (event.kind === 'loss') console.error(`${event.lost} records of the kernel's log are lost`);
  // Only now: who is killed before this line tells the kill again, with the same key, and never leaves it out.
  saveCursor();
  isTelling = false;
}
