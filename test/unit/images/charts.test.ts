import { renderChart, type Chart } from '../../../src/images/charts.ts';
import { renderChartPdf } from '../../../src/images/chart-pdf.ts';

const place = { note: 'not yet', color: '#225588' };
const chart: Chart = {
  language: 'en',
  title: 'Stickers: Ada <b>',
  summary: 'Science: 1 of 30 earned.',
  rows: [
    {
      title: 'Level 1',
      places: Array.from({ length: 30 }, (_, n) => ({ ...place, name: `S${n}`, isHeld: n === 0 })),
    },
  ],
};

describe('a printable chart', () => {
  it('says in words what it shows, and lets nothing of a name be markup', () => {
    const svg = renderChart(chart);
    expect(svg).toContain('<title>Stickers: Ada &lt;b&gt;</title>');
    expect(svg).toContain('<desc>Science: 1 of 30 earned.</desc>');
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(29);
    expect(svg).toContain('<title>S29: not yet</title>');
  });

  it('keeps what is long within the page, and says the whole of it in words', () => {
    const long = 'Competency chart: '.concat('Maximiliane Theodora '.repeat(9).trim());
    const svg = renderChart({ ...chart, title: long, summary: long });
    expect(svg).toContain(`<title>${long}</title><desc>${long}</desc>`);
    const title = /<text x="40" y="56" font-size="16" [^>]*>([^<]*)</.exec(svg)?.[1] ?? '';
    expect(title).toMatch(/^Competency chart: Maximiliane .*…$/);
    const lines = [...svg.matchAll(/<text x="40" y="\d+" font-size="9" [^>]*>([^<]*)</g)];
    expect(lines.map(([, words]) => words).join(' ')).toBe(long);
    expect(lines.length).toBeGreaterThan(1);
  });

  it('is a tagged PDF with a language, on as many pages as it takes', async () => {
    const pdf = Buffer.from(await renderChartPdf(chart)).toString('latin1');
    expect(pdf.startsWith('%PDF-1.7')).toBe(true);
    for (const part of ['/StructTreeRoot', '/Lang (en)', 'pdfuaid:part', '/Alt (S29: not yet)']) {
      expect(pdf).toContain(part);
    }
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)?.length).toBeGreaterThan(1);
  });
});
