import { groupWords } from '@oomwatcher/explain';
import { type Kill, timeMsOf } from '@oomwatcher/oom';
import { words } from './language/language.js';

export function title({ victim }: Kill): string {
  const said = words().kill;
  return victim === undefined ? said.lost : said.title(victim.name);
}

/** Where it ran, and with whom it was killed. */
export function lead(kill: Kill): string {
  const { pod, container, inner, cgroup, group } = kill;
  const said = words().kill;
  const sentences: string[] = [];
  if (pod?.name !== undefined) {
    sentences.push(said.ranInPod(pod.container, pod.namespace, pod.name));
  } else if (pod !== undefined) sentences.push(said.ranInUid(pod.uid));
  else if (container !== undefined) {
    sentences.push(said.ranInContainer(container.name ?? container.id.slice(0, 12)));
  } else if (cgroup?.victim === undefined) sentences.push(said.unknownCgroup);
  if (inner?.pod !== undefined) sentences.push(said.innerPod(inner.pod.uid));
  if (group !== undefined) sentences.push(said.group(groupWords(group, words().explanation)));
  return sentences.join(said.between);
}

/** For another reader, whose zone is not this one's. */
export function whenWords(kill: Kill, recordedMs: number | undefined): string {
  const timeMs = timeMsOf(kill, recordedMs);
  const parts: string[] = [];
  if (timeMs !== undefined) parts.push(new Date(timeMs).toISOString());
  else if (kill.localTime !== undefined)
    parts.push(words().explanation.paragraph.localTime(kill.localTime));
  if (kill.monotonicUs !== undefined) parts.push(sinceBoot(kill));
  if (kill.host !== undefined) parts.push(words().kill.onHost(kill.host));
  return parts.join(words().explanation.comma);
}

export function sinceBoot({ monotonicUs = 0 }: Kill): string {
  return words().kill.afterBoot(words().formats.duration(monotonicUs / 1000));
}
