/** Writes the pages of docs/ that are made from the program: node test/docs/write.ts */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { killPage, schemaFile } from './kill.ts';

writeFileSync(join(root, 'docs/kill.schema.json'), schemaFile());
writeFileSync(join(root, 'docs/kill.md'), killPage());
