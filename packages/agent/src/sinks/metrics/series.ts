import { printable } from '@oomwatcher/explain';
import { type Kill, workloadOf } from '@oomwatcher/oom';

/** The labels of one series, in the order of their family's names. */
export type LabelValues = readonly string[];

export type FamilyName = 'kills' | 'incidents' | 'scopes' | 'containers';

/** One counter of kills with labels: which labels, and how a kill fills them. */
export interface Family {
  readonly name: FamilyName;
  readonly labelNames: readonly string[];
  valuesOf(kill: Kill): LabelValues;
  /** Which kills count; default all. */
  counts?(kill: Kill): boolean;
  /** Where the series go that are too many; undefined: there cannot be too many. */
  otherThan?(values: LabelValues): LabelValues;
}

const other = 'other';
const shortIdLength = 12;

/** A container of a pod that nobody could name: by its id each restart would be a series of its own, for ever. */
const unknown = 'unknown';

/** A name longer than this is nobody's real one. */
const maxCharacters = 256;

const byContainer: Omit<Family, 'name'> = {
  labelNames: ['namespace', 'pod', 'container', 'scope', 'workload'],
  valuesOf: (kill) => [
    label(kill.pod?.namespace),
    label(kill.pod?.name),
    label(containerOf(kill)),
    scopeOf(kill),
    label(workloadNameOf(kill)),
  ],
  otherThan: ([, , , scope = '']) => [other, other, other, scope, ''],
};

export const families: readonly Family[] = [
  { name: 'kills', ...byContainer },
  // A group has the id of the kill that was chosen.
  {
    name: 'incidents',
    ...byContainer,
    counts: ({ id, group }) => group === undefined || group.id === id,
  },
  { name: 'scopes', labelNames: ['scope'], valuesOf: (kill) => [scopeOf(kill)] },
  {
    // cAdvisor's: the victim's cgroup is its key.
    name: 'containers',
    labelNames: ['id', 'name', 'image', 'container', 'namespace', 'pod'],
    valuesOf: (kill) => [
      label(kill.cgroup?.victim ?? '/'),
      label(kill.container?.name ?? kill.container?.id),
      label(kill.container?.image),
      label(kill.pod?.container),
      label(kill.pod?.namespace),
      label(kill.pod?.name),
    ],
    otherThan: () => [other, other, '', other, other, other],
  },
];

function containerOf({ pod, container }: Kill): string | undefined {
  if (pod?.container !== undefined || container === undefined) return pod?.container;
  return pod === undefined ? (container.name ?? shortId(container.id)) : unknown;
}

/** A process that nobody knows the place of is no workload: whoever runs it chooses its name. */
function workloadNameOf(kill: Kill): string | undefined {
  const { kind, name } = workloadOf(kill) ?? {};
  if (kind === 'process') return undefined;
  return kind === 'container' && name !== undefined ? shortId(name) : name;
}

/** Of those that are ids; what LXC and others call theirs is a name. */
function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, shortIdLength) : id;
}

function scopeOf({ scope }: Kill): string {
  return scope ?? unknown;
}

/** An absent label and an empty one are the same to Prometheus. */
function label(text = ''): string {
  return printable(text).slice(0, maxCharacters);
}

/** By name and without the empty ones, for an empty label is an absent one: a label more changes no stored series. */
export function labelsOf({ labelNames }: Family, values: LabelValues): string {
  const given = labelNames.map((name, index) => [name, values[index] ?? '']);
  return JSON.stringify(Object.fromEntries(given.filter(([, value]) => value !== '')));
}

/** @param labels what `labelsOf` has made, of this version or another */
export function valuesIn({ labelNames }: Family, labels: Record<string, unknown>): LabelValues {
  return labelNames.map((name) => label(String(labels[name] ?? '')));
}
