/** A kernel series and the Debian suite whose archive has it. */
export interface KernelSeries {
  name: string;
  suite: string;
  /** The names of its image packages; the highest version is taken. */
  packages: RegExp;
}

/** From the oldest kernel that a supported node runs to the newest that exists. The cloud flavour boots fastest. */
export const kernelMatrix: KernelSeries[] = [
  { name: '5.10', suite: 'bullseye', packages: cloudImage('5\\.10\\.') },
  { name: '6.1', suite: 'bookworm', packages: cloudImage('6\\.1\\.') },
  { name: '6.12', suite: 'bookworm-backports', packages: cloudImage('6\\.12\\.') },
  { name: '6.18', suite: 'trixie-backports', packages: cloudImage('6\\.18\\.') },
  { name: 'newest', suite: 'trixie-backports', packages: cloudImage('\\d+\\.\\d+\\.') },
];

function cloudImage(series: string): RegExp {
  return new RegExp(`^linux-image-${series}\\S*-cloud-amd64$`);
}
