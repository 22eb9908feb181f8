import { PassThrough } from 'node:stream';
import { formatProgress, startProgress } from '../../../src/cli/progress.ts';

describe('the line of a progress bar', () => {
  it.each([
    [0, 200, 0, 'signing  [........................]  0 / 200  0 %  0/s'],
    [50, 200, 1000, 'signing  [######..................]  50 / 200  25 %  50/s  3 s left'],
    [1, 600, 1000, 'signing  [........................]  1 / 600  0 %  1/s  10 min left'],
    [1, 7201, 1000, 'signing  [........................]  1 / 7201  0 %  1/s  2.0 h left'],
    [200, 200, 4000, 'signing  [########################]  200 / 200  100 %  50/s'],
    [210, 200, 4000, 'signing  [########################]  210 / 200  100 %  53/s'],
    [7, 0, 2000, 'signing  7  3.5/s'],
  ])('shows %d of %d after %d ms', (done, total, elapsedMs, line) => {
    expect(formatProgress({ label: 'signing', done, total, elapsedMs, unit: 'items' })).toBe(line);
  });

  it('counts bytes in MB', () => {
    const state = { label: 'reading', done: 1_500_000, total: 3_000_000, elapsedMs: 500 };
    expect(formatProgress({ ...state, unit: 'bytes' })).toBe(
      'reading  [############............]  1.5 MB / 3.0 MB  50 %  3.0 MB/s  1 s left',
    );
  });
});

describe('a progress bar', () => {
  const drawnOn = (isTTY: boolean, quiet = false): string => {
    const out = Object.assign(new PassThrough(), { isTTY, columns: 40 });
    const bar = startProgress('signing', 2, { quiet, out: out as unknown as NodeJS.WriteStream });
    bar.to(1);
    bar.to(2);
    bar.end();
    return String(out.read() ?? '');
  };

  it('ends a terminal line that it never let wrap', () => {
    const drawn = drawnOn(true);
    expect(drawn.startsWith(`\rsigning  [${'#'.repeat(24)}]`)).toBe(true);
    expect(drawn.endsWith('\u001B[K\n')).toBe(true);
    expect(drawn.length).toBeLessThan(40 + '\r\u001B[K\n'.length);
  });

  it('leaves a log alone, and says nothing to machines', () => {
    expect([drawnOn(false), drawnOn(true, true)]).toEqual(['', '']);
  });
});
