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
  const titles = titlesOf(top);
  const sections = [...titles].map(([key, { title, field }]) => {
    const object = JSON.parse(key) as Pick<Field, 'properties' | 'required'>;
    return `## ${title}\n\n${field.description}\n\n${table(object, titles)}`;
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

${table(top, titles)}

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

type Titles = Map<string, { title: string; field: Field }>;

/** Every object in it, by its shape: one that is there twice is described once. */
function titlesOf(top: Field, prefix = '', titles: Titles = new Map()): Titles {
  for (const [name, field] of Object.entries(top.properties ?? {})) {
    const object = objectOf(field);
    if (object === undefined) continue;
    const title = `${prefix}${name}${field.items === undefined ? '' : '[]'}`;
    const key = shapeOf(object);
    if (!titles.has(key)) titles.set(key, { title, field });
    titlesOf(object, `${title}.`, titles);
  }
  return titles;
}

function shapeOf({ properties, required }: Field): string {
  return JSON.stringify({ properties, required });
}

function objectOf(field: Field): Field | undefined {
  return field.properties === undefined ? field.items : field;
}

function table(
  { properties = {}, required = [] }: Pick<Field, 'properties' | 'required'>,
  titles: Titles,
): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    const always = required.includes(name) ? ' **Always.**' : '';
    return `| \`${name}\` | ${typeOf(field, titles)} | ${field.description}${always} | ${exampleOf(field)} |`;
  });
  return ['| field | type | what it says | example |', '|---|---|---|---|', ...rows].join('\n');
}

function typeOf(field: Field, titles: Titles): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ');
  const object = objectOf(field);
  const title = object && titles.get(shapeOf(object))?.title;
  if (title === undefined) return field.type ?? 'string';
  // As GitHub makes it of the heading.
  const anchor = title.toLowerCase().replace(/[^a-z0-9]/g, '');
  const link = `[${title.replace(/[[\]]/g, '\\$&')}](#${anchor})`;
  return field.items === undefined ? link : `array of ${link}`;
}

function exampleOf({ examples }: Field): string {
  return examples === undefined ? '' : `\`${JSON.stringify(examples[0])}\``;
}
