import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonTypes, addonTypesPath } from '../docs/addon-types.ts';
import { demoLines } from '../docs/demo.ts';
import { killPage, schemaFile } from '../docs/kill.ts';
import { sampleCaptures, sampleCapturesPath } from '../docs/sample-captures.ts';
import { svgText, terminalSvg } from '../docs/terminal-svg.ts';
import { builtAgent, needs, oomKills } from '../support/needs.ts';
import { root } from '../support/paths.ts';

const read = (name: string) => readFileSync(join(root, name), 'utf8');

needs(builtAgent).it('the pages about a kill are as the schema is: node test/docs/write.ts', () => {
  expect(read('docs/kill.schema.json')).toBe(schemaFile());
  expect(read('docs/kill.md')).toBe(killPage());
});

it('the addon’s types in kmsg are those of the addon: node test/docs/write.ts', () => {
  expect(read(addonTypesPath)).toBe(addonTypes());
});

it('the captures of @oomwatcher/oom/testing are those of the tests: node test/docs/write.ts', () => {
  expect(read(sampleCapturesPath)).toBe(sampleCaptures());
});

describe('the recorded terminal session', () => {
  it('shows hostile text as text, and each line within its edge', () => {
    const svg = terminalSvg('a', [
      '\u001b[31m<img src=x>&"\u001b[39m',
      `${'x'.repeat(90)}  ${'y'.repeat(90)}`,
    ]);
    expect(svg).not.toContain('<img');
    expect(svg).not.toContain('\u001b');
    expect(svgText(svg)).toContain('<img src=x>&"');
    const rows = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, row]) => row as string);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(104);
  });

  needs(builtAgent, oomKills).it(
    'is what the demo shows today: node test/docs/record.ts',
    async () => {
      const shown = withoutNumbers(svgText(read('docs/demo.svg')));
      for (const line of await demoLines()) {
        expect(shown).toContain(withoutNumbers(line.replace(/\u001b\[\d+m/g, '')));
      }
    },
  );
});

/** Pids, times and sizes are another run's. */
function withoutNumbers(text: string): string {
  return text.replace(/\s+/g, '').replace(/\d+(\.\d+)?([KM]iB)?/g, '#');
}

describe('SECURITY.md', () => {
  it('names tests that are there', () => {
    const named = [...read('SECURITY.md').matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(
      ([, path]) => path,
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(root, path as string)))).toEqual([]);
  });
});

describe('every alert and the dashboard lead to a page that is there', () => {
  const page = /^https:\/\/github\.com\/OWNER\/oomWatcher\/blob\/main\/(\S+?)(?:#(\S+))?$/;
  const alerts = read('deploy/prometheus/rules.yaml')
    .split('- alert: ')
    .slice(1)
    .map((rule) => ({
      alert: rule.split('\n', 1)[0] as string,
      url: /runbook_url: (\S+)/.exec(rule)?.[1] ?? 'none',
    }));

  it.each(alerts)('$alert: $url', ({ alert, url }) => {
    const [, file = 'README.md', anchor] = page.exec(url) ?? [];
    expect(headingsOf(file)).toContain(alert);
    expect(anchor).toBe(alert.toLowerCase());
  });

  it('no section is of an alert that is not there', () => {
    expect(headingsOf('docs/runbooks.md').sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it('the dashboard', () => {
    const { links } = JSON.parse(read('deploy/grafana/oomwatcher.json'));
    expect(links).toHaveLength(1);
    expect(existsSync(join(root, page.exec(links[0].url)?.[1] ?? ''))).toBe(true);
  });
});

function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading as string);
}

describe('the Chinese README', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((name) => partsOf(read(name)));

  it.each(['headings', 'code', 'links', 'rows'] as const)(
    'has the %s of the English one',
    (part) => {
      expect(chinese?.[part]).toEqual(english?.[part]);
    },
  );
});

/** What a translation keeps. */
function partsOf(text: string) {
  const code = text.match(/^```.*?^```$/gms) ?? [];
  const prose = text.replace(/^```.*?^```$/gms, '');
  const links = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link as string);
  return {
    headings: prose.match(/^#+ /gm) ?? [],
    code,
    // Each leads to the other.
    links: links.filter((link) => !link.startsWith('README')).sort(),
    /** The numbers in each row of a table. */
    rows: (prose.match(/^\|.*/gm) ?? []).map((row) => row.match(/\d+(\.\d+)?/g) ?? []),
  };
}

describe('no page links to a file that is not there', () => {
  it.each(globSync(['*.md', 'docs/*.md', 'deploy/**/*.md', 'examples/*.md'], { cwd: root }))(
    '%s',
    (page) => {
      const files = new Set(globSync(['**/*'], { cwd: root, exclude: isForeign }));
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link]) => link);
      const missing = links.filter((link) => !files.has(join(dirname(page), link as string)));
      expect(missing).toEqual([]);
    },
  );
});

function isForeign(name: string): boolean {
  return name.endsWith('node_modules') || name.endsWith('.git');
}
