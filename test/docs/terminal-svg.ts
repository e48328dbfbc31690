/** What a terminal showed, as an SVG whose lines appear one after another; without motion where that is preferred. */
export function terminalSvg(command: string, lines: readonly string[]): string {
  const rows = lines.flatMap((line) => wrap(spansOf(line)));
  const all = [
    [
      { text: '$ ', style: 'prompt' },
      { text: command, style: 'b' },
    ],
    [],
    ...rows,
  ];
  const width = 2 * paddingPx + columns * columnPx;
  const height = headPx + all.length * rowPx + paddingPx;
  const texts = all.map((spans, i) => {
    const y = headPx + i * rowPx;
    const delayMs = i < 2 ? 0 : startMs + (i - 2) * stepMs;
    const inner = spans.map(({ text, style }) => span(text, style)).join('');
    return `<text x="${paddingPx}" y="${y}" style="animation-delay:${delayMs}ms">${inner}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(command)} in a terminal">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre;fill:#d6dbe3;animation:appear 200ms both}
.b{font-weight:700;fill:#fff}.d{fill:#8b95a5}.r{fill:#ff7b72}.g{fill:#7ee787}.y{fill:#f2cc60}.prompt{fill:#7ee787}
@keyframes appear{from{opacity:0}to{opacity:1}}
@media (prefers-reduced-motion:reduce){text{animation:none}}
</style>
<rect width="${width}" height="${height}" rx="10" fill="#12161d"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
${texts.join('\n')}
</svg>
`;
}

const columns = 104;
const columnPx = 8.43;
const rowPx = 20;
const paddingPx = 18;
const headPx = 58;
const startMs = 700;
const stepMs = 160;

interface Span {
  text: string;
  style: string;
}

/** The colours that the agent uses (node:util styleText): bold, dim, red, green, yellow, and their ends. */
const styles = new Map([
  ['1', 'b'],
  ['2', 'd'],
  ['31', 'r'],
  ['32', 'g'],
  ['33', 'y'],
  ['22', ''],
  ['39', ''],
]);

function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let style = '';
  for (const [i, part] of line.split(/\u001b\[(\d+)m/).entries()) {
    if (i % 2 === 1) style = styles.get(part) ?? style;
    else if (part !== '') spans.push({ text: part, style });
  }
  return spans;
}

/** At the last gap of two spaces that fits, where there is one: a number cut by the edge would be read as another. */
function wrap(spans: Span[]): Span[][] {
  const rows: Span[][] = [[]];
  let room = columns;
  for (const { text, style } of spans) {
    let rest = text;
    while (rest.length > room) {
      const gap = rest.lastIndexOf('  ', room);
      const cut = gap > 0 ? gap : room;
      rows.at(-1)?.push({ text: rest.slice(0, cut), style });
      rest = rest.slice(cut);
      rows.push([]);
      room = columns;
    }
    rows.at(-1)?.push({ text: rest, style });
    room -= rest.length;
  }
  return rows;
}

function span(text: string, style: string): string {
  return style === '' ? escaped(text) : `<tspan class="${style}">${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The texts of such an SVG, in order, for a test to compare. */
export function svgText(svg: string): string {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)]
    .map(([, inner]) => (inner as string).replace(/<[^>]*>/g, ''))
    .join('')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
