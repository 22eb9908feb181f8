import { createCursors } from '../../../src/storage/embedded/cursors.ts';

const documents = Array.from({ length: 10 }, (_, n) => new Uint8Array([n]));

describe('cursors', () => {
  it('hand out batches until nothing is left, and are then gone', () => {
    const cursors = createCursors({ idleMs: 1000, now: () => 0 });
    const { id, batch } = cursors.open(documents, { ns: 'a.b', batchSize: 4 });
    expect(batch).toHaveLength(4);
    expect(cursors.more(id, 4)).toMatchObject({ id, batch: documents.slice(4, 8) });
    expect(cursors.more(id, 2)).toMatchObject({ id: 0, batch: documents.slice(8) });
    expect(() => cursors.more(id, 2)).toThrow(`cursor id ${id} not found`);
  });

  it('are forgotten when nobody has asked for a while', () => {
    let now = 0;
    const cursors = createCursors({ idleMs: 1000, now: () => now });
    const asked = cursors.open(documents, { ns: 'a.b', batchSize: 1 }).id;
    const idle = cursors.open(documents, { ns: 'a.b', batchSize: 1 }).id;
    now = 900;
    cursors.more(asked, 1);
    now = 1100;
    cursors.sweep();
    expect(cursors.more(asked, 1)).toMatchObject({ id: asked });
    expect(() => cursors.more(idle, 1)).toThrow('not found');
  });

  it('end a batch before it gets too large for one message', () => {
    const large = Array.from({ length: 4 }, () => new Uint8Array(6 * 1024 * 1024));
    const cursors = createCursors({ idleMs: 1000, now: () => 0 });
    const { batch, id } = cursors.open(large, { ns: 'a.b', batchSize: 100 });
    expect(batch).toHaveLength(2);
    expect(cursors.more(id, 100)).toMatchObject({ id: 0, batch: { length: 2 } });
  });
});
