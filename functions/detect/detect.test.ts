import type { KinesisStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { SentryError } from '#shared/kernel/error.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent, buildRule } from '#shared/testing/build-finding.ts';
import { createDetectHarness, SIGNING_KEY } from '#shared/testing/detect-harness.ts';

import { detect } from './detect.ts';

function setUp() {
  const harness = createDetectHarness([buildRule()]);
  const measured = new Map<string, number>();
  const ports = {
    ...harness.ports,
    signingKey: async () => SIGNING_KEY,
    default_tenant: 't1',
    metrics: {
      addMetric: (name: string, _unit: unknown, value: number) => void measured.set(name, value),
    },
  };
  return { ...harness, ports, measured, ctx: buildContext(harness.clock) };
}

function eventOf(bodies: readonly (object | string)[]): KinesisStreamEvent {
  return {
    Records: bodies.map((body, n) => ({
      eventID: `shardId-000000000002:${100 + n}`,
      kinesis: {
        sequenceNumber: String(100 + n),
        partitionKey: 'p',
        data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)).toString(
          'base64',
        ),
        approximateArrivalTimestamp: Date.parse(BUILT_AT) / 1000,
      },
    })),
  } as unknown as KinesisStreamEvent;
}

describe('the detect function', () => {
  it('answers an explicit empty list when all is done, and measures the batch once', async () => {
    const { ports, ctx, clock, tables, measured } = setUp();
    clock.now += 1_500;
    const event = eventOf([buildEvent(1), buildEvent(2), 'poison']);
    expect(await detect(event, ports, ctx)).toEqual({ batchItemFailures: [] });
    expect([...tables.alerts.values()][0]!.row).toMatchObject({ tenant: 't1', count: 2 });
    expect([...tables.series.values()][0]!.row.fence).toEqual({ 'shardId-000000000002': '101' });
    expect(Object.fromEntries(measured)).toMatchObject({
      Events: 2,
      Matches: 2,
      AlertsOpened: 1,
      Quarantined: 1,
      DetectAge: 1_500,
    });
  });

  it('names the sequence number of the lowest record to come again', async () => {
    const { ports, ctx, work } = setUp();
    const commit = async () => {
      throw new SentryError('unavailable', 'throttled');
    };
    const event = eventOf([{ ...buildEvent(1), type: 'other' }, buildEvent(2), buildEvent(3)]);
    expect(await detect(event, { ...ports, work: { ...work, commit } }, ctx)).toEqual({
      batchItemFailures: [{ itemIdentifier: '101' }],
    });
  });

  it('lets the whole batch come again when rules or key cannot be read now', async () => {
    const { ports, ctx } = setUp();
    const signingKey = async () => {
      throw new SentryError('unavailable', 'no key yet');
    };
    const answer = await detect(eventOf([buildEvent(1)]), { ...ports, signingKey }, ctx);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
  });

  it('fails the function on a fault of ours, so that Lambda bisects', async () => {
    const { ports, ctx } = setUp();
    const ruleSet = async () => {
      throw new TypeError('bug');
    };
    await expect(detect(eventOf([buildEvent(1)]), { ...ports, ruleSet }, ctx)).rejects.toThrow(
      'bug',
    );
  });

  it('takes an empty batch for done', async () => {
    const { ports, ctx } = setUp();
    expect(await detect(eventOf([]), ports, ctx)).toEqual({ batchItemFailures: [] });
  });
});
