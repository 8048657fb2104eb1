import type { Receiver, ReceiverFault } from '#infra/local/outbox/fault.ts';

import { disturbance } from './disturb.ts';

/** Receivers that behave so for a while. */
function withReceivers(
  row: { id: string; name: string; what: string },
  faults: readonly [Receiver, ReceiverFault][],
) {
  return disturbance({
    ...row,
    load: { events: 5_000, matching: 0.06 },
    repeats: true,
    async disturb(scenario, puts) {
      const { instance } = scenario;
      for (const [receiver, fault] of faults) instance.outbox.setFault(receiver, fault);
      await scenario.put(puts, { batch: 500 });
      await instance.idle();
      const failed = instance.outbox.list({ limit: 20_000 }).filter(({ status }) => status >= 300);
      for (const [receiver] of faults) instance.outbox.setFault(receiver, undefined);
      return { refused_or_lost: failed.length };
    },
  });
}

export const busyReceiver = withReceivers(
  { id: 'F10', name: 'busy-receiver', what: '429 with Retry-After 30, 3600, garbage and none' },
  [
    ['slack', { remaining: 3, status: 429, headers: { 'retry-after': '3600' } }],
    ['webhook', { remaining: 6, status: 429, headers: { 'retry-after': '30' } }],
    ['pagerduty', { remaining: 6, status: 429, headers: { 'retry-after': 'soon' } }],
  ],
);

export const illReceiver = withReceivers(
  { id: 'F11', name: 'ill-receiver', what: '500, 503, reset and a broken body, then well again' },
  [
    ['slack', { remaining: 4, status: 500 }],
    ['webhook', { remaining: 8, reset: true }],
    ['pagerduty', { remaining: 8, status: 503, body: '{"status":' }],
  ],
);

export const lostAnswer = withReceivers(
  { id: 'F13', name: 'lost-answer', what: 'messages taken whose answers are lost' },
  (['slack', 'webhook', 'pagerduty'] as const).map((receiver) => [
    receiver,
    { remaining: 5, accept: true, reset: true },
  ]),
);
