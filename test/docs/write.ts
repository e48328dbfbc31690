/** Writes what is made from other files: pages of docs/ and the addon's types in kmsg. node test/docs/write.ts */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { addonTypes, addonTypesPath } from './addon-types.ts';
import { killPage, schemaFile } from './kill.ts';
import { sampleCaptures, sampleCapturesPath } from './sample-captures.ts';

writeFileSync(join(root, 'docs/kill.schema.json'), schemaFile());
writeFileSync(join(root, 'docs/kill.md'), killPage());
writeFileSync(join(root, addonTypesPath), addonTypes());
writeFileSync(join(root, sampleCapturesPath), sampleCaptures());
