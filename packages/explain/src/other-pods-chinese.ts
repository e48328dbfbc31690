import type { otherPodsEnglish } from './other-pods-english.js';

const listed = (pods: string[], more: number) =>
  `${pods.join('、')}${more === 0 ? '' : `，以及另外 ${more} 个`}`;
const ofOthers = (told: number, count: number) =>
  `节点上其他 ${count} 个 pod${told === count ? '' : `里最大的 ${told} 个`}`;

export const otherPodsChinese: typeof otherPodsEnglish = {
  title: (told, count, afterMs) =>
    `${ofOthers(told, count)}，${afterMs < 1000 ? 'kill 发生时' : `kill 之后 ${Math.round(afterMs / 1000)} 秒`}，不含页缓存`,
  noLimit: '没有限额',
  limit: (limit) => `限额 ${limit}`,
  noRequest: '没有 request',
  request: (request, over) =>
    over === undefined ? `request ${request}` : `比它的 request（${request}）多 ${over}`,
  pod: (name, facts) => `${name}（${facts}）`,
  withoutLimit: (pods, more, told, count) =>
    `给 ${listed(pods, more)}设置内存限额。查看了${ofOthers(told, count)}。`,
  overRequest: (pods, more, told, count) =>
    `提高 ${listed(pods, more)}的 request，或查明是什么让它增长。查看了${ofOthers(told, count)}。`,
};
