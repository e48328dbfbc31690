/** A pod as systemd's driver names it. */
export const pod =
  '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod5f1c0a52_7d0e_4c36_9a1b_2f6a90c1d3e4.slice';

export const container = (digit: string): string =>
  `${pod}/cri-containerd-${digit.repeat(64)}.scope`;
