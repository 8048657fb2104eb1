import { describe, expect, it } from 'vitest';

import { createMemoryBus } from '#shared/adapters/memory/memory-bus.ts';
import { createMemoryJournalStore } from '#shared/adapters/memory/memory-journal-store.ts';
import { createMemoryTables } from '#shared/adapters/memory/memory-tables.ts';
import { createMemoryWorkStore } from '#shared/adapters/memory/memory-work-store.ts';
import { ROW_SCHEMA } from '#shared/adapters/aws/dynamo-row-schema.ts';
import type { OutboxRow } from '#shared/audit/schema.ts';
import { ENVELOPE_BYTES_MAX, fitEnvelope } from '#shared/outbox/fit-envelope.ts';
import { buildAlert, buildOutbox } from '#shared/testing/build-alert.ts';

import { publish, type StreamEvent } from './publish.ts';

function record(row: OutboxRow, index: number): StreamEvent['Records'][number] {
  return {
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: `seq-${index}`,
      NewImage: {
        pk: { S: `OUTBOX#t1#${row.outbox_id}` },
        sk: { S: 'OUTBOX' },
        outbox_id: { S: row.outbox_id },
        tenant: { S: row.tenant },
        created_at: { S: row.created_at },
        envelope_json: { S: JSON.stringify(row.envelope) },
      },
    },
  };
}

async function world(count: number, refused: readonly string[] = []) {
  const tables = createMemoryTables();
  const rows = Array.from({ length: count }, (_, index) =>
    buildOutbox({
      outbox_id: `o${index}`,
      envelope: { ...buildOutbox().envelope, id: `o${index}` },
    }),
  );
  const now = () => 0;
  const outbox = rows;
  await createMemoryWorkStore(tables, now).commit({ changes: [], journal: [], outbox });
  const faults = new Set(refused);
  const { bus, taken } = createMemoryBus(({ id }) =>
    faults.has(id) ? 'ThrottlingException' : undefined,
  );
  const warnings: string[] = [];
  const journal = createMemoryJournalStore(tables, now);
  return {
    tables,
    faults,
    taken,
    warnings,
    journal,
    event: { Records: rows.map(record) },
    run: (event: StreamEvent, ports = { bus, journal }) =>
      publish(ports, event, (what) => warnings.push(what)),
    left: () => [...tables.outbox.values()].map(({ outbox_id }) => outbox_id),
  };
}

describe('publish', () => {
  it('announces every row and deletes it', async () => {
    const w = await world(25);
    expect(await w.run(w.event)).toEqual({ batchItemFailures: [] });
    expect(w.taken).toHaveLength(25);
    expect(w.left()).toEqual([]);
  });

  it('keeps what the bus refused and asks for a retry from the first of it', async () => {
    const w = await world(5, ['o2', 'o4']);
    expect(await w.run(w.event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'seq-2' }] });
    expect(w.left()).toEqual(['o2', 'o4']);
    w.faults.clear();
    expect(await w.run({ Records: w.event.Records.slice(2) })).toEqual({ batchItemFailures: [] });
    expect(w.left()).toEqual([]);
    expect(new Set(w.taken.map(({ id }) => id)).size).toBe(5);
  });

  it('announces twice rather than never when the row cannot be deleted', async () => {
    const w = await world(1);
    const { bus, taken } = createMemoryBus();
    const journal = { deleteOutbox: () => Promise.reject(new Error('throttled')) };
    expect(await w.run(w.event, { bus, journal: { ...w.journal, ...journal } })).toEqual({
      batchItemFailures: [],
    });
    expect(taken).toHaveLength(1);
    expect(w.left()).toEqual(['o0']);
    expect(w.warnings).toEqual(['outbox rows not deleted']);
  });

  it('never deletes before the bus has it', async () => {
    const w = await world(1);
    const deleted: string[] = [];
    const bus = { publish: () => Promise.reject(new Error('process died')) };
    const deleteOutbox = (rows: readonly { outbox_id: string }[]) => {
      deleted.push(...rows.map(({ outbox_id }) => outbox_id));
      return Promise.resolve();
    };
    await expect(
      w.run(w.event, { bus, journal: { ...w.journal, deleteOutbox } }),
    ).rejects.toThrow();
    expect(deleted).toEqual([]);
  });

  it('leaves a row it cannot read to a person and goes on with its neighbours', async () => {
    const w = await world(3);
    const broken = structuredClone(w.event) as { Records: { dynamodb: { NewImage: object } }[] };
    Object.assign(broken.Records[1]!.dynamodb.NewImage, { envelope_json: { S: '{' } });
    expect(await w.run(broken as unknown as StreamEvent)).toEqual({ batchItemFailures: [] });
    expect(w.taken.map(({ id }) => id)).toEqual(['o0', 'o2']);
    expect(w.left()).toEqual(['o1']);
    expect(w.warnings).toEqual(['outbox row unreadable']);
  });

  it('leaves a row that a newer version wrote to the sweep of that version', async () => {
    const w = await world(1);
    const [record] = w.event.Records;
    const image = record!.dynamodb!.NewImage as Record<string, unknown>;
    const NewImage = { ...image, row_schema: { N: String(ROW_SCHEMA + 1) } };
    const { batchItemFailures } = await w.run({
      Records: [{ ...record!, dynamodb: { ...record!.dynamodb, NewImage } }],
    });
    expect(w.taken).toEqual([]);
    expect(batchItemFailures).toEqual([]);
    expect(w.warnings).toEqual(['outbox row unreadable']);
  });

  it('ignores deletions and changes', async () => {
    const w = await world(1);
    const Records = w.event.Records.map((found) => ({ ...found, eventName: 'REMOVE' }));
    await w.run({ Records });
    expect(w.taken).toEqual([]);
  });
});

describe('fitEnvelope', () => {
  const huge = (text: string) => ({
    ...buildOutbox().envelope,
    payload: {
      tenant: 't1',
      alert: buildAlert({ title: text }),
      channels: ['slack'],
    },
  });

  it('leaves alone what fits', () => {
    const envelope = huge('short');
    expect(fitEnvelope(envelope)).toBe(envelope);
  });

  it('drops the evidence first', () => {
    const evidence = buildAlert().evidence.first[0]!;
    const fat = { ...evidence, payload_json: 'x'.repeat(ENVELOPE_BYTES_MAX) };
    const alert = buildAlert({ evidence: { first: [fat], last: [] } });
    const fitted = fitEnvelope({ ...huge(''), payload: { ...huge('').payload, alert } });
    expect(fitted.payload).toMatchObject({
      truncated: true,
      alert: { title: alert.title, evidence: { first: [], last: [] } },
    });
  });

  it('always keeps what names the alert and whom to tell', () => {
    const fitted = fitEnvelope(huge('ü'.repeat(ENVELOPE_BYTES_MAX)));
    expect(fitted.payload).toEqual({
      tenant: 't1',
      alert: { alert_id: buildAlert().alert_id },
      channels: ['slack'],
      truncated: true,
    });
  });
});
