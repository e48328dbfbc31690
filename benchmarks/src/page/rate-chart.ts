import type { RingResult } from '../suites/ring.ts';

const width = 760;
const labelWidth = 290;
const barHeight = 20;
const rowHeight = 30;
const groupGap = 44;
const top = 24;

/** Bars of the rate against the bare C loop; text as text, for light and dark pages. */
export function rateChart(results: RingResult[]): string {
  const max = Math.max(
    1,
    ...results.flatMap(({ contenders }) => contenders.map(({ rate }) => rate.median)),
  );
  const scale = (width - labelWidth - 70) / max;
  let y = top;
  const parts: string[] = [];
  for (const { content, contenders } of results) {
    parts.push(`<text x="0" y="${y}" class="title">Ring full of ${content}</text>`);
    y += 12;
    for (const { name, rate } of contenders) {
      const length = Math.max(1, rate.median * scale).toFixed(1);
      parts.push(
        `<text x="${labelWidth - 10}" y="${y + 15}" text-anchor="end">${name}</text>`,
        `<rect x="${labelWidth}" y="${y}" width="${length}" height="${barHeight}"/>`,
        `<text x="${labelWidth + Number(length) + 8}" y="${y + 15}">${rate.median.toFixed(2)}</text>`,
      );
      y += rowHeight;
    }
    y += groupGap - 12;
  }
  const axis = `<text x="${labelWidth}" y="${y - 8}" class="axis">records a second, as part of the bare C loop's rate in the same round</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 8}" role="img" aria-label="Rate of each reader against a bare C loop">
<style>
text { font: 14px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.axis { font-size: 12px; }
rect { fill: #0969da; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } rect { fill: #4493f8; } }
</style>
${[...parts, axis].join('\n')}
</svg>
`;
}
