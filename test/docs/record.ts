/** Records docs/demo.svg from the running program, as root: node test/docs/record.ts */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { demoLines } from './demo.ts';
import { terminalSvg } from './terminal-svg.ts';

writeFileSync(join(root, 'docs/demo.svg'), terminalSvg('oomwatcher demo', await demoLines()));
