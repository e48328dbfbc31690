import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { killSchema } from '@oomwatcher/oom';
import { command, root } from '../support/paths.ts';

interface Field {
  type?: string;
  const?: string;
  enum?: readonly string[];
  description: string;
  examples?: readonly unknown[];
  required?: readonly string[];
  properties?: Record<string, Field>;
  items?: Field;
}

const example = join(root, 'packages/oom/test/fixtures/6.1.0-56--a-single.kmsg');

/** docs/kill.schema.json */
export function schemaFile(): string {
  return `${JSON.stringify(killSchema, null, 2)}\n`;
}

/** docs/kill.md */
export function killPage(): string {
  const top = killSchema as unknown as Field;
  const sections = Object.entries(top.properties ?? {})
    .filter(([, field]) => objectOf(field) !== undefined)
    .map(([name, field]) => {
      const object = objectOf(field) as Field;
      const title = field.items === undefined ? name : `${name}[]`;
      return `## ${title}\n\n${field.description}\n\n${table(object)}`;
    });
  return `# The record of a kill

Written by test/docs/write.ts from the schema; do not edit. The schema as a file: [kill.schema.json](kill.schema.json).

One JSON object a line, wherever \`--json\` is given, in the journal and in \`watch()\` of the library. It is \`Kill\` in
[kill.ts](../packages/oom/src/kill.ts).

- What is not known is absent, never guessed. **Always** marks the fields that are always there (in their object).
- Within v1 fields may be added and none is removed or changed in meaning: ignore those that you do not know.
- Sizes are KiB, numbers of processes are those of the node's pid namespace.
- Names and paths are chosen by whoever was killed. Escape them for wherever you print them. A byte that is not UTF-8
  stands as \`\\xNN\`.

A kill of a real kernel 6.1, with the kernel's whole report, as \`oomwatcher parse --json\` prints it:

\`\`\`json
${JSON.stringify(exampleKill(), null, 2)}
\`\`\`

## The kill

${table(top)}

${sections.join('\n\n')}
`;
}

function exampleKill(): unknown {
  const output = execFileSync(command, ['parse', '--json', example], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output.split('\n', 1)[0] as string);
}

function objectOf(field: Field): Field | undefined {
  return field.properties === undefined ? field.items : field;
}

function table({ properties = {}, required = [] }: Field): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    const always = required.includes(name) ? ' **Always.**' : '';
    return `| \`${name}\` | ${typeOf(field, name)} | ${field.description}${always} | ${exampleOf(field)} |`;
  });
  return ['| field | type | what it says | example |', '|---|---|---|---|', ...rows].join('\n');
}

function typeOf(field: Field, name: string): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.items !== undefined) return `array of [${name}\\[\\]](#${name})`;
  if (field.properties !== undefined) return `[object](#${name})`;
  return field.type ?? 'string';
}

function exampleOf({ examples }: Field): string {
  return examples === undefined ? '' : `\`${JSON.stringify(examples[0])}\``;
}
