// Long, because which kill belongs to which incident is one decision, read as one.

import { type Death, type Evidence, Incident } from './incident.js';
import { finalAfterMs, waitFor } from './incident-waits.js';
import type { Missing } from './kill.js';
import type { OomLine } from './line.js';
import { elapsedUs, isNear } from './near.js';
import type { Report } from './report.js';

/** What Incidents asks of its owner. */
export interface IncidentsOwner {
  /** A kill is certain enough to be given out, for the first time or, with `given`, again. */
  give(incident: Incident, death: Death): void;
  /** The second line of a kill; undefined: of which one only the kernel itself says. */
  repeat(incident: Incident | undefined, line: OomLine): void;
  /** Whether the kernel can have withheld a report at this line. */
  mayBeWithheld(line: OomLine): boolean;
  /** Asked when a kill begins an incident: see MachineOptions. */
  killsGroup(incident: Incident, death: Death): boolean | undefined;
}

/** A kill is not held longer for what may come; by the log's own clock, for a storm has no quiet. */
const maxHeldUs = 1_000_000;

/** Kills after a group that its end may make its members. */
const maxSince = 4096;

/** Reports that run beside each other are few. */
const maxClosed = 4;

/** No announcement, no sharer and no member comes later after an incident's last line. */
const lastsUs = 60_000_000;

/**
 * The incidents that more lines may belong to: the last one, and before it a group whose members the kernel may be
 * printing still, with the kills that came since and are members only if the group goes on after them.
 */
export class Incidents {
  readonly #owner: IncidentsOwner;
  readonly #live: boolean;
  #group: Incident | undefined;
  #since: Incident[] = [];
  #open: Incident | undefined;
  /** The last that were closed, by a loss or by another report: a first victim's second line may follow. */
  readonly #closed: Incident[] = [];
  /** A record of the group that was given out may be out of date. */
  #stale = false;
  /** Nothing came for so long after the kills up to here that they are final as far as anybody waits. */
  #finalThrough = -1n;
  /** Kills without a report since the last one that was printed, and not of a group: as many were withheld, or more. */
  #alone = 0;

  /** @param live whether kills are given out before their group is certainly over */
  constructor(owner: IncidentsOwner, live: boolean) {
    this.#owner = owner;
    this.#live = live;
  }

  /** Takes a kill; `report`: its own; `missing`: why a part of it is not there. */
  kill(death: Death, report: Report | undefined, missing: Missing | undefined): void {
    if (report === undefined && this.#isRepeat(death)) return;
    if (death.line.witness?.again) return this.#owner.repeat(undefined, death.line);
    const evidence = this.#group?.membership(death, this.#owner.mayBeWithheld(death.line));
    if (report === undefined && evidence !== undefined) return this.#join(death, evidence);
    const mayJoin =
      report === undefined && this.#group?.mayHold(death) === true && this.#since.length < maxSince;
    if (mayJoin) {
      if (this.#open !== undefined && this.#open !== this.#group) this.#since.push(this.#open);
    } else {
      this.close();
    }
    if (report?.invoke !== undefined) this.#alone = 0;
    else if (!death.hasNoLine) this.#alone++;
    const incident = new Incident(death, report);
    incident.missing = missing;
    this.#begin(incident);
  }

  /** The death's line has come: until then it may have waited for its group. */
  giveOutDeath(death: Death): void {
    for (const incident of this.#all())
      if (incident.deaths.includes(death)) this.#giveOut(incident);
  }

  /**
   * The line of a kill that was told without: no second line of it, though an incident has it. As a member it stays what it
   * is; alone it begins anew, for a group that is announced before its line may be its own.
   */
  confirm(told: Death, death: Death, report: Report | undefined, missing: Missing | undefined) {
    const incidents = [...this.#all(), ...this.#closed];
    const group = incidents.find(
      ({ group, deaths }) => group !== undefined && deaths.includes(told),
    );
    if (group === undefined) {
      this.#drop(told);
      return this.kill(death, report, missing);
    }
    const { onlyByTime } = told;
    group.deaths[group.deaths.indexOf(told)] = onlyByTime ? { ...death, onlyByTime } : death;
    group.last = death.line;
    this.#owner.give(group, death);
  }

  /** A kill that no line reports, but a report proves. */
  provenKill(death: Death, report: Report): void {
    this.close();
    const incident = new Incident(death, report);
    incident.missing = 'kill-line';
    this.#begin(incident);
    this.close();
  }

  /** `Kill process 30 (java) sharing same memory`: died beside the last victim. */
  sharer(death: Death): void {
    const open = this.#open;
    if (open === undefined || !isNear(open.last, death.line)) {
      this.close();
      this.#open = new Incident(death, undefined);
      return;
    }
    open.deaths.push(death);
    open.last = death.line;
  }

  /** A group is announced: that of the kill right before. */
  announced(path: string | undefined, line: OomLine): void {
    const first = this.#open === this.#group ? this.#takeLastMember() : this.#open;
    if (first === undefined || !first.acceptsGroup(path, line)) return this.close();
    // Announced is the next group: the earlier one, and what came after it, are over.
    this.#open = undefined;
    this.close();
    first.group = { path };
    first.last = line;
    this.#group = first;
    this.#open = first;
  }

  /** Inside a group the line speaks of one more member. */
  get hasGroup(): boolean {
    return this.#group !== undefined;
  }

  /**
   * The kernel says that it has withheld so many reports since the last it printed: each is of a kill that is no member.
   *
   * @returns whether more were withheld than kills without a report were read
   */
  withheld(count: number): boolean {
    const missing = count - this.#alone;
    this.#alone = 0;
    if (missing <= 0) return false;
    const group = this.#group;
    if (group === undefined) return true;
    const doubtful = group.takeDoubtful(missing);
    this.#since.unshift(
      ...doubtful.map((death) => new Incident({ ...death, onlyByTime: false }, undefined)),
    );
    return doubtful.length < missing;
  }

  /** Records were lost: what is open cannot be whole. */
  lost(): void {
    this.#alone = 0;
    if (this.#group !== undefined) {
      this.#group.interrupted = true;
      this.#group.missing = 'lost';
    }
    this.close();
  }

  /** Nothing more belongs to what is open. */
  close(): void {
    for (const incident of this.#all()) this.#giveOut(incident);
    this.#amend();
    if (this.#group !== undefined) this.#closed.push(this.#group);
    if (this.#open !== undefined && this.#open !== this.#group) this.#closed.push(this.#open);
    while (this.#closed.length > maxClosed) this.#closed.shift();
    this.#group = undefined;
    this.#since = [];
    this.#open = undefined;
  }

  /** The kernel's next line, whatever it says: what is too long ago is over, and nothing is held for ever in a storm. */
  closeWhatIsOver(line: OomLine): void {
    const open = this.#open;
    if (open === undefined) return;
    const passedUs = elapsedUs(open.last, line);
    if (passedUs !== undefined && passedUs > lastsUs) return this.close();
    if (!this.#live) return;
    const oldest = this.#group ?? this.#since[0] ?? open;
    const oldestUs = oldest === open ? passedUs : elapsedUs(oldest.last, line);
    if (oldestUs === undefined || oldestUs <= maxHeldUs) return;
    for (const incident of this.#all()) {
      const heldUs = elapsedUs(incident.last, line);
      if (heldUs !== undefined && heldUs > maxHeldUs) this.#giveOut(incident);
    }
  }

  /** The log has been quiet for so long. */
  settle(quietMs: number): void {
    for (const incident of this.#all()) if (quietMs >= waitFor(incident)) this.#giveOut(incident);
    if (quietMs < finalAfterMs) return;
    this.#amend();
    for (const { deaths } of this.#all()) {
      for (const { given, line } of deaths) {
        if (given !== undefined && line.seq > this.#finalThrough) this.#finalThrough = line.seq;
      }
    }
  }

  /** Milliseconds of quiet after which `settle` will give something out; undefined when nothing waits. */
  get waitMs(): number | undefined {
    const waits = this.#all().flatMap((incident) =>
      incident.heldSeq === undefined ? [] : [waitFor(incident)],
    );
    if (waits.length > 0) return Math.min(...waits);
    return this.#stale || this.amendableSeq !== undefined ? finalAfterMs : undefined;
  }

  /** The lowest sequence number among kills that have been given out and may still be amended; undefined: none may. */
  get amendableSeq(): bigint | undefined {
    if (!this.#live) return undefined;
    let lowest: bigint | undefined;
    for (const incident of this.#all()) {
      if (!this.#mayChange(incident)) continue;
      for (const { given, line } of incident.deaths) {
        if (given === undefined || line.seq <= this.#finalThrough) continue;
        if (lowest === undefined || line.seq < lowest) lowest = line.seq;
      }
    }
    return lowest;
  }

  /** It is in no incident any more. */
  #drop(told: Death): void {
    const isOther = ({ deaths }: Incident) => !deaths.includes(told);
    this.#since = this.#since.filter(isOther);
    this.#closed.splice(0, this.#closed.length, ...this.#closed.filter(isOther));
    if (this.#open !== undefined && !isOther(this.#open)) this.#open = undefined;
  }

  /** More members may come, or its announcement, or the end of a group that it then belongs to. */
  #mayChange(incident: Incident): boolean {
    if (incident.group !== undefined) return !incident.isWhole;
    return incident.killsGroup !== false || this.#group !== undefined;
  }

  /** The lowest sequence number among kills that have not been given out. */
  get heldSeq(): bigint | undefined {
    let lowest: bigint | undefined;
    for (const { heldSeq } of this.#all()) {
      if (heldSeq !== undefined && (lowest === undefined || heldSeq < lowest)) lowest = heldSeq;
    }
    return lowest;
  }

  #all(): Incident[] {
    const all = this.#group === undefined ? [...this.#since] : [this.#group, ...this.#since];
    if (this.#open !== undefined && this.#open !== this.#group) all.push(this.#open);
    return all;
  }

  #begin(incident: Incident): void {
    this.#open = incident;
    const [first] = incident.deaths as [Death];
    incident.killsGroup = this.#owner.killsGroup(incident, first);
    // Told before, and its line says more.
    if (first.given !== undefined) this.#owner.give(incident, first);
    if (incident.killsGroup === false) this.#giveOut(incident);
  }

  /** A certain member shows that the kernel prints the group still: what came since it are members too. */
  #join(death: Death, evidence: Evidence): void {
    const group = this.#group as Incident;
    if (evidence !== 'time') this.#takeIn(group);
    group.deaths.push(evidence === 'time' ? { ...death, onlyByTime: true } : death);
    group.last = death.line;
    this.#stale ||= group.deaths.some(({ given }) => given !== undefined);
  }

  #takeIn(group: Incident): void {
    const since = this.#since;
    if (this.#open !== undefined && this.#open !== group) since.push(this.#open);
    this.#alone -= since.length;
    for (const { deaths } of since) group.deaths.push(...deaths);
    for (const member of group.deaths) member.onlyByTime = false;
    this.#stale ||= group.deaths.some(({ given }) => given !== undefined);
    this.#since = [];
    this.#open = group;
  }

  #isRepeat(death: Death): boolean {
    const group = this.#group;
    if (group?.isRepeat(death)) {
      // The group's first victim is printed again in the course of its loop.
      this.#takeIn(group);
      group.last = death.line;
      this.#owner.repeat(group, death.line);
      return true;
    }
    const logged = this.#closed.find(
      (incident) => isNear(incident.last, death.line) && incident.isRepeat(death),
    );
    if (logged === undefined) return false;
    logged.last = death.line;
    this.#owner.repeat(logged, death.line);
    return true;
  }

  /** The kill right before an announcement is the announced group's first, not the earlier group's last. */
  #takeLastMember(): Incident | undefined {
    const group = this.#group;
    if (group === undefined || group.deaths.length < 2) return undefined;
    const last = group.deaths.at(-1) as Death;
    if (last.given !== undefined) return undefined;
    group.deaths.pop();
    return new Incident({ ...last, onlyByTime: false }, undefined);
  }

  #giveOut(incident: Incident): void {
    for (const death of incident.deaths) {
      if (death.given === undefined) this.#owner.give(incident, death);
    }
  }

  /** Gives out again what has become another since. */
  #amend(): void {
    if (!this.#stale) return;
    this.#stale = false;
    const group = this.#group;
    for (const death of group?.deaths ?? []) this.#owner.give(group as Incident, death);
  }
}
