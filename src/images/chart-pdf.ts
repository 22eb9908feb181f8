import { createRequire } from 'node:module';
import { setImmediate as pause } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { fitLine, fitSummary, labelOf, layOut, sizes, type Chart } from './charts.ts';

const resolve = createRequire(import.meta.url).resolve;
const fonts = {
  regular: resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  bold: resolve('@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf'),
} as const;

/** The types of the package know of PDF/A only. */
const accessible = 'PDF/UA' as string;

const pageHeight = 842;
const bottom = 60;
const [ink, quiet] = ['#1f2430', '#5a6170'];

/** The chart on A4 pages, tagged for screen readers (PDF/UA): headings, and a text for every badge. */
export async function renderChartPdf(chart: Chart): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    pdfVersion: '1.7',
    subset: accessible as PDFKit.Mixins.PDFSubsets,
    tagged: true,
    lang: chart.language,
    displayTitle: true,
    font: fonts.regular,
    info: { Title: chart.title },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((done, fail) => doc.on('end', done).on('error', fail));
  await draw(doc, chart);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

async function draw(doc: PDFKit.PDFDocument, chart: Chart): Promise<void> {
  const { rows, margin } = layOut(chart);
  const root = doc.struct('Document');
  doc.addStructure(root);
  const write = (
    type: string,
    [x, y]: readonly [number, number],
    { words, size }: ReturnType<typeof fitLine>,
  ) => {
    const bold = type !== 'P';
    root.add(
      doc.struct(type, {}, () => {
        doc.font(bold ? fonts.bold : fonts.regular, size).fillColor(bold ? ink : quiet);
        doc.text(words, x, y);
      }),
    );
  };
  write('H1', [margin, 36], fitLine(chart.title, sizes.title));
  const { lines, size } = fitSummary(chart);
  write('P', [margin, 66], { words: lines.join('\n'), size });
  // How much of the long sheet lies on the pages before.
  let above = 0;
  const placeOf = (y: number, height: number): number => {
    if (y - above + height > pageHeight - bottom) {
      doc.addPage();
      above = y - bottom;
    }
    return y - above;
  };
  for (const { title, top, cells } of rows) {
    write('H2', [margin, placeOf(top, 158)], fitLine(title, sizes.row));
    for (const [n, { place, x, y }] of cells.entries()) {
      // Hundreds of them take a while, in which others have to be answered.
      if (n % 20 === 19) await pause();
      const middle = placeOf(y - 40, 136) + 40;
      const alt = `${place.name}: ${place.note}`;
      root.add(
        doc.struct('Figure', { alt }, () => {
          drawBadge(doc, place, x, middle);
        }),
      );
    }
  }
  root.end();
}

type Place = Chart['rows'][number]['places'][number];

function drawBadge(doc: PDFKit.PDFDocument, place: Place, x: number, y: number): void {
  if (place.isHeld && place.picture !== undefined) {
    const fit: [number, number] = [80, 80];
    const options = { fit, align: 'center', valign: 'center' } as const;
    doc.image(Buffer.from(place.picture.bytes), x - 40, y - 40, options);
  } else if (place.isHeld) {
    doc.circle(x, y, 36).fill(place.color);
    doc
      .path(`M${x - 14} ${y}l10 11l19 -22`)
      .lineWidth(5)
      .lineCap('round')
      .stroke('#ffffff');
  } else {
    doc.circle(x, y, 36).lineWidth(1.5).dash(5, { space: 4 }).fillAndStroke('#f4f5f7', '#8a91a0');
    doc.undash();
  }
  const options = { width: 98, align: 'center', lineBreak: false } as const;
  const lines = labelOf(place);
  doc.font(fonts.regular, 9).fillColor(ink);
  lines.forEach((line, n) => doc.text(line, x - 49, y + 43 + n * 11, options));
  doc
    .fontSize(8)
    .fillColor(quiet)
    .text(place.note, x - 49, y + 44 + lines.length * 11, options);
}
