import { describe, expect, it } from 'vitest';

import { createMemoryDocumentStore } from '#shared/adapters/memory/memory-document-store.ts';
import { removeDocument } from '#shared/document/save-document.ts';
import { createResponseRig } from '#shared/testing/response-rig.ts';
import { buildSilence } from '#shared/testing/build-silence.ts';

import { saveSilence } from './save-silence.ts';
import type { Silence } from './schema.ts';
import { SILENCE_KIND } from './silence-kind.ts';

/** Silences that are saved as people do, and in force from then on. */
function rigOfSilences() {
  const rig = createResponseRig();
  const silences = createMemoryDocumentStore<Silence>(rig.tables);
  const { work } = rig.ports;
  const reload = async () => rig.use({ silences: await silences.list('t1') });
  return {
    ...rig,
    silences,
    async save(fields: Partial<Silence>) {
      const { version: _v, author: _a, updated_at: _u, ...draft } = buildSilence(fields);
      const saved = await saveSilence({ silences, work }, rig.ctx, draft, {});
      await reload();
      return saved;
    },
    async remove() {
      await removeDocument(SILENCE_KIND, silences, rig.ctx, 'deploy');
      await reload();
    },
    endings: () =>
      [...rig.tables.journal.values()]
        .map(({ row }) => row)
        .filter(({ action }) => action === 'silence.ending')
        .map(({ at }) => at.slice(11, 16)),
  };
}

describe('the end of a silence', () => {
  it('is announced once, so long before as asked, to the journal and the bus', async () => {
    const rig = rigOfSilences();
    await rig.save({ reminder_minutes: 30 });
    await rig.until('2026-03-01T13:29:59.000Z', 3);
    expect(rig.endings()).toEqual([]);
    await rig.until('2026-03-01T13:40:00.000Z', 3);
    await rig.save({ reminder_minutes: 30 });
    await rig.until('2026-03-01T15:00:00.000Z', 3);
    expect(rig.endings()).toEqual(['13:30']);
    const said = [...rig.tables.outbox.values()].filter(
      ({ envelope }) => envelope.type === 'silence.ending',
    );
    expect(said.map(({ envelope }) => envelope.payload)).toMatchObject([
      { silence: { id: 'deploy', ends_at: '2026-03-01T14:00:00.000Z' } },
    ]);
    expect(rig.timers()).toEqual([]);
  });

  it('that is moved is announced anew, whichever way', async () => {
    const rig = rigOfSilences();
    await rig.save({ reminder_minutes: 30 });
    await rig.save({ reminder_minutes: 30, ends_at: '2026-03-01T16:00:00.000Z' });
    await rig.until('2026-03-01T14:00:00.000Z');
    await rig.save({ reminder_minutes: 30, ends_at: '2026-03-01T15:00:00.000Z' });
    await rig.until('2026-03-01T17:00:00.000Z');
    expect(rig.endings()).toEqual(['14:30']);
  });

  it('of one that is removed, or over before anybody looked, is not announced', async () => {
    const rig = rigOfSilences();
    await rig.save({ reminder_minutes: 30 });
    await rig.remove();
    await rig.until('2026-03-01T13:45:00.000Z');
    await rig.save({ reminder_minutes: 5 });
    rig.clock.now = Date.parse('2026-03-01T14:00:00.000Z');
    await rig.until('2026-03-01T15:00:00.000Z');
    expect([rig.endings(), rig.timers()]).toEqual([[], []]);
  });
});

it('a silence that has been over for a week leaves the list with the next one; its history stays', async () => {
  const rig = rigOfSilences();
  await rig.save({});
  await rig.save({ silence_id: 'young', ends_at: '2026-03-02T12:00:00.000Z' });
  rig.clock.now = Date.parse('2026-03-08T14:00:00.000Z');
  await rig.save({ silence_id: 'next', ends_at: '2026-03-09T12:00:00.000Z' });
  const listed = await rig.silences.list('t1');
  expect(listed.map(({ silence_id }) => silence_id)).toEqual(['next', 'young']);
  expect((await rig.silences.versions('t1', 'deploy')).map(({ removed }) => removed)).toEqual([
    true,
    undefined,
  ]);
});
