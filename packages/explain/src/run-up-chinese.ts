import type { runUpEnglish } from './run-up-english.js';
import type { GrownProcess } from './run-up-processes.js';
import { formatKiB, formatRate } from './sizes.js';

const quickUs = 5e6;

const kinds = {
  any: '',
  tmpfs: '，其中大部分是 tmpfs 或共享内存中的文件',
  kernel: '，其中大部分是内核自身的',
};

export const runUpChinese: typeof runUpEnglish = {
  span,
  fact: (fact) => {
    switch (fact.kind) {
      case 'grew':
        return `以 ${formatRate(fact.kib, fact.us)} 增长了 ${span(fact.us)}，达到 ${formatKiB(fact.toKiB)}${kinds[fact.of ?? 'any']}`;
      case 'jumped':
        return `${fact.beforeUs === 0 ? `在最后 ${span(fact.us)}内` : `在 kill 之前 ${span(fact.beforeUs)}，${span(fact.us)}之内`}${fact.us < quickUs ? '骤增' : '增加'} ${formatKiB(fact.kib)}`;
      case 'rose-and-fell':
        return `此前 ${fact.times} 次涨落，在 ${formatKiB(fact.lowKiB)} 与 ${formatKiB(fact.highKiB)} 之间`;
      case 'steady':
        return `${span(fact.us)}内没有增长：每个样本都在 ${formatKiB(fact.lowKiB)} 与 ${formatKiB(fact.highKiB)} 之间`;
      case 'at-limit':
        return `在限额处停留了 ${span(fact.us)}${fact.gaveUpKiB === undefined ? '' : `，页缓存先被释放（${formatKiB(fact.gaveUpKiB)}）`}`;
      case 'new-process':
        return fact.others === 0
          ? `kill 之前 ${span(fact.beforeUs)}出现新进程：${processWords(fact.process)}`
          : `最后一分钟内有 ${fact.others + 1} 个新进程，最大的出现在 kill 之前 ${span(fact.beforeUs)}：${processWords(fact.process)}`;
      case 'victim-grew':
        return `受害进程在 ${span(fact.us)}内增长了 ${formatKiB(fact.kib)}`;
      case 'other-grew':
        return `受害进程没有增长：${processWords(fact.process)}在 ${span(fact.us)}内增长了 ${formatKiB(fact.kib)}`;
      case 'watched':
        return `只监视了最后 ${span(fact.us)}`;
    }
  },
  scale: (top, isLimit, us, endsWithKill) =>
    ` ${isLimit ? '限额' : '最多'} ${top}，${span(us)}${endsWithKill ? '' : '，到最后一个样本为止'}`,
  ofVictim: '（受害进程的）',
};

function processWords({ comm, pid }: GrownProcess): string {
  return `${comm}（pid ${pid}）`;
}

function span(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 9.95) return `${seconds.toFixed(1)} 秒`;
  return seconds < 120 ? `${Math.round(seconds)} 秒` : `${Math.round(seconds / 60)} 分钟`;
}
