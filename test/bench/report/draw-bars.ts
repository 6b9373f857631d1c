export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Drawn as a thin line over the bar: least and most. */
  readonly spread?: readonly [least: number, most: number];
}

const labelWidth = 230;
const barsWidth = 420;
const valueWidth = 90;
const rowHeight = 24;
const titleHeight = 34;

/** Horizontal bars as SVG: of one unit, from zero, so that lengths compare. Readable on light and dark pages. */
export function drawBars(title: string, unit: string, bars: readonly Bar[]): string {
  const most = Math.max(
    ...bars.map(({ spread, value }) => Math.max(value, spread?.[1] ?? 0)),
    1e-9,
  );
  const height = titleHeight + bars.length * rowHeight + 8;
  const width = labelWidth + barsWidth + valueWidth;
  const rows = bars.map(({ label, spread, value }, index) => {
    const top = titleHeight + index * rowHeight;
    const middle = top + rowHeight / 2;
    const end = labelWidth + (value / most) * barsWidth;
    const whisker =
      spread === undefined
        ? ''
        : `<line x1="${x(spread[0], most)}" x2="${x(spread[1], most)}" y1="${middle}" y2="${middle}" stroke="#b45309" stroke-width="2"/>`;
    return `<text x="${labelWidth - 8}" y="${middle + 4}" text-anchor="end">${escapeXml(label)}</text>
<rect x="${labelWidth}" y="${top + 4}" width="${(end - labelWidth).toFixed(1)}" height="${rowHeight - 8}" fill="${label.includes('worker') ? '#2563eb' : '#94a3b8'}"/>
${whisker}<text x="${labelWidth + barsWidth + 8}" y="${middle + 4}">${value.toPrecision(3)} ${unit}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<g fill="#0f172a"><text x="8" y="20" font-weight="600">${escapeXml(title)}</text>
${rows.join('\n')}
</g></svg>
`;
}

function x(value: number, most: number): string {
  return (labelWidth + (value / most) * barsWidth).toFixed(1);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
