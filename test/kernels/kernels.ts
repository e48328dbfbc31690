/** A kernel series and the Debian suite whose archive has it. */
export interface KernelSeries {
  name: string;
  suite: string;
  /** The names of its image packages; the highest version is taken. */
  packages: RegExp;
  architecture: DebianArchitecture;
}

export type DebianArchitecture = 'amd64' | 'arm64';

/** From the oldest kernel that a supported node runs to the newest that exists. The cloud flavour boots fastest. */
export const kernelMatrix: KernelSeries[] = [
  cloudKernel('5.10', 'bullseye', '5\\.10\\.'),
  cloudKernel('6.1', 'bookworm', '6\\.1\\.'),
  cloudKernel('6.12', 'bookworm-backports', '6\\.12\\.'),
  cloudKernel('6.18', 'trixie-backports', '6\\.18\\.'),
  cloudKernel('newest', 'trixie-backports', '\\d+\\.\\d+\\.'),
  cloudKernel('arm64', 'bookworm-backports', '6\\.12\\.', 'arm64'),
];

function cloudKernel(
  name: string,
  suite: string,
  series: string,
  architecture: DebianArchitecture = 'amd64',
): KernelSeries {
  const packages = new RegExp(`^linux-image-${series}\\S*-cloud-${architecture}$`);
  return { name, suite, packages, architecture };
}
