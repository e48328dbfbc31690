// Writes into the published manifests where their sources are: the checkout does not know its address, the release does. npm's
// provenance compares the repository. Arguments: the address, as https://github.com/OWNER/NAME.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releasedPackages, root } from './packages.ts';

const [address] = process.argv.slice(2);
if (address === undefined) throw new Error('usage: name-repository.ts ADDRESS');

for (const { folder } of releasedPackages()) {
  const path = join(root, folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  const named = {
    ...manifest,
    homepage: `${address}#readme`,
    bugs: { url: `${address}/issues` },
    repository: { type: 'git', url: `git+${address}.git`, directory: folder },
  };
  writeFileSync(path, `${JSON.stringify(named, null, 2)}\n`);
}
