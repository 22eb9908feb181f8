import { createFaults, createRandom, noFault, parseFault } from '../../../src/shared/faults.ts';

function faultsOf(texts: readonly string[], seed = 1) {
  const rules = texts.map(parseFault).filter((rule) => typeof rule !== 'string');
  expect(rules).toHaveLength(texts.length);
  return createFaults(rules, createRandom(seed));
}

describe('faults', () => {
  it('are nothing at all where none was asked for', () => {
    expect(faultsOf([])).toBe(noFault);
  });

  it('happen at their own point only', () => {
    const fault = faultsOf(['issuance.signed:1:throw']);
    expect(() => {
      fault('issuance.stored');
    }).not.toThrow();
    expect(() => {
      fault('issuance.signed');
    }).toThrow('FAULT at issuance.signed');
  });

  it('let nothing go on while they stall', () => {
    const start = performance.now();
    faultsOf(['award.written:1:stall=30'])('award.written');
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
  });

  it('come as often as their probability says, and the same ones for the same seed', () => {
    const draw = (seed: number) => {
      const fault = faultsOf(['issuance.claimed:0.2:throw'], seed);
      return Array.from({ length: 1_000 }, () => {
        try {
          fault('issuance.claimed');
          return '.';
        } catch {
          return 'x';
        }
      }).join('');
    };
    expect(draw(7)).toBe(draw(7));
    expect(draw(7)).not.toBe(draw(8));
    expect(draw(7).replaceAll('.', '').length).toBeGreaterThan(150);
    expect(draw(7).replaceAll('.', '').length).toBeLessThan(250);
  });
});
