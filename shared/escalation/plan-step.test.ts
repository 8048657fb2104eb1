import { describe, expect, it } from 'vitest';

import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildPolicy } from '#shared/testing/build-finding.ts';
import { buildSchedule } from '#shared/testing/build-schedule.ts';

import { planOnward, planTimer, takeStep } from './plan-step.ts';
import { nextPosition } from './position.ts';
import { STEP_TARGETS_MAX } from './resolve-targets.ts';
import type { EscalationPolicy, EscalationTarget } from './schema.ts';

const ALERT = { tenant: 't1', alert_id: 'a', escalation_level: 0 };
const PAGE: EscalationTarget = { channel: 'pagerduty', destination: 'pagerduty-primary' };
const CHAT: EscalationTarget = { channel: 'slack', destination: 'slack-ops' };
const ON_CALL: EscalationTarget = { channel: 'schedule', destination: 'payments' };
const policy = (steps: [number, ...EscalationTarget[]][], fields: Partial<EscalationPolicy> = {}) =>
  buildPolicy({
    steps: steps.map(([delay_minutes, ...targets]) => ({ delay_minutes, targets })),
    ...fields,
  });
const minutesAfter = (at: string | undefined) =>
  at === undefined ? undefined : (Date.parse(at) - Date.parse(BUILT_AT)) / 60_000;

/** Every plan until the last, each step taken when it is due. */
function follow(under: EscalationPolicy, schedules = [buildSchedule()]) {
  let at = BUILT_AT;
  let plan = planOnward(under, schedules, ALERT, at);
  const plans = [{ at, plan }];
  while (plan.timer) {
    at = plan.timer.due_at;
    plan = takeStep(under, schedules, { ...ALERT, escalation_level: plan.escalation_level }, at);
    plans.push({ at, plan });
  }
  return plans;
}

/** Who is told when: minutes, step of the key, destinations. */
function walk(under: EscalationPolicy): string[] {
  return follow(under)
    .filter(({ plan }) => plan.deliveries.length > 0)
    .map(({ at, plan }) => {
      const told = plan.deliveries.map(({ step, destination }) => `${step} ${destination}`);
      return `${minutesAfter(at)}: ${told.join(', ')}`;
    });
}

describe('the steps of a policy', () => {
  it.each([
    [
      'an immediate first step and a later one',
      policy([
        [0, PAGE],
        [15, CHAT],
      ]),
      ['0: 1 pagerduty-primary', '15: 2 slack-ops'],
    ],
    ['a first step that waits', policy([[3, PAGE]]), ['3: 1 pagerduty-primary']],
    [
      'fractions of a minute',
      policy([
        [0, PAGE],
        [0.1, CHAT],
      ]),
      ['0: 1 pagerduty-primary', '0.1: 2 slack-ops'],
    ],
    [
      'repetitions, each with keys of its own, after the longest delay',
      policy(
        [
          [0, PAGE],
          [15, CHAT],
        ],
        { repeat: 2 },
      ),
      [
        '0: 1 pagerduty-primary',
        '15: 2 slack-ops',
        '30: 3 pagerduty-primary',
        '45: 4 slack-ops',
        '60: 5 pagerduty-primary',
        '75: 6 slack-ops',
      ],
    ],
    [
      'a single immediate step that is repeated after five minutes, not at once',
      policy([[0, PAGE]], { repeat: 2 }),
      ['0: 1 pagerduty-primary', '5: 2 pagerduty-primary', '10: 3 pagerduty-primary'],
    ],
    [
      'a repetition after a pause of its own',
      policy([[0, PAGE]], { repeat: 1, repeat_delay_minutes: 0.5 }),
      ['0: 1 pagerduty-primary', '0.5: 2 pagerduty-primary'],
    ],
  ])('are %s', (_, under, expected) => {
    expect(walk(under)).toEqual(expected);
  });

  it('count the next delay from when a step was really taken', () => {
    const late = '2026-03-01T13:07:00.000Z';
    const { timer } = takeStep(
      policy([
        [0, PAGE],
        [15, CHAT],
        [15, PAGE],
      ]),
      [],
      { ...ALERT, escalation_level: 1 },
      late,
    );
    expect(timer).toMatchObject({ step: 3, due_at: '2026-03-01T13:22:00.000Z' });
  });

  it('go on where they stood when steps were added or taken away on the way', () => {
    const standing = { ...ALERT, escalation_level: 2 };
    expect(
      nextPosition(
        policy([
          [0, PAGE],
          [1, CHAT],
          [2, PAGE],
        ]),
        standing,
      )?.step,
    ).toBe(3);
    expect(nextPosition(policy([[0, PAGE]]), standing)).toBeUndefined();
    expect(nextPosition(policy([[0, PAGE]], { repeat: 5 }), standing)).toMatchObject({
      step: 1,
      round: 2,
    });
  });

  it('begin again where the policy began again, and keys never come twice', () => {
    const standing = { ...ALERT, escalation_level: 4, escalation_from: 4 };
    const plan = planOnward(
      policy([
        [0, PAGE],
        [15, CHAT],
      ]),
      [],
      standing,
      BUILT_AT,
    );
    expect(plan.deliveries.map(({ delivery_key }) => delivery_key)).toEqual([
      'a|5|pagerduty-primary',
    ]);
    expect(plan.timer?.step).toBe(6);
  });
});

describe('a schedule as the target of a step', () => {
  it('is whoever is on call when the step is taken, and the delivery says so', () => {
    const under = policy([[0, ON_CALL]]);
    const take = (at: string) => takeStep(under, [buildSchedule()], ALERT, at).deliveries;
    expect(take('2026-03-02T08:59:59.999Z')).toMatchObject([
      { destination: 'slack-bo', for_user: 'bo', schedule_id: 'payments', schedule_version: 1 },
    ]);
    expect(take('2026-03-02T09:00:00.000Z')).toMatchObject([
      { destination: 'slack-ada', for_user: 'ada' },
    ]);
  });

  it('hands over at the same wall time in the night the clocks change', () => {
    const berlin = buildSchedule({
      time_zone: 'Europe/Berlin',
      layers: [
        {
          name: 'nights',
          users: ['ada', 'bo'],
          starts_on: '2026-03-28',
          hand_over_at: '02:30',
          rotation: { unit: 'days', length: 1 },
        },
      ],
    });
    const whom = (at: string) =>
      takeStep(policy([[0, ON_CALL]]), [berlin], ALERT, at).deliveries[0]?.for_user;
    // On 29 March 02:30 does not exist in Berlin: it is handed over when the clocks have jumped.
    expect(whom('2026-03-29T01:29:59.000Z')).toBe('ada');
    expect(whom('2026-03-29T01:30:00.000Z')).toBe('bo');
    expect(whom('2026-03-30T00:29:59.000Z')).toBe('bo');
    expect(whom('2026-03-30T00:30:00.000Z')).toBe('ada');
  });

  it('that has nobody on call, or is gone, is passed over at once, and the trace says so', () => {
    const nobody = buildSchedule({
      layers: [{ ...buildSchedule().layers[0]!, ends_on: '2026-02-02' }],
    });
    const gone: EscalationTarget = { channel: 'schedule', destination: 'gone' };
    const plan = takeStep(
      policy([
        [0, ON_CALL],
        [15, gone],
        [15, PAGE],
        [7, CHAT],
      ]),
      [nobody],
      ALERT,
      BUILT_AT,
    );
    expect(plan.deliveries.map(({ step, destination }) => [step, destination])).toEqual([
      [3, 'pagerduty-primary'],
    ]);
    expect(plan.escalation_level).toBe(3);
    expect(minutesAfter(plan.timer?.due_at)).toBe(7);
    expect(
      plan.trace.map(({ step, outcome, detail = '' }) => `${step} ${outcome} ${detail}`.trim()),
    ).toEqual([
      'schedule nobody_on_call',
      'escalation_step reached_nobody step 1',
      'schedule gone',
      'escalation_step reached_nobody step 2',
      'escalation_step told pagerduty pagerduty-primary',
    ]);
  });

  it('beside somebody who is reached lets the step stand', () => {
    const plan = takeStep(
      policy([
        [0, ON_CALL, CHAT],
        [15, PAGE],
      ]),
      [],
      ALERT,
      BUILT_AT,
    );
    expect(plan.deliveries.map(({ destination }) => destination)).toEqual(['slack-ops']);
    expect(minutesAfter(plan.timer?.due_at)).toBe(15);
  });

  it('that never has anybody is asked once a minute and round, and not for ever', () => {
    const under = policy(
      [
        [0, ON_CALL],
        [0, ON_CALL],
      ],
      { repeat: 3, repeat_delay_minutes: 0 },
    );
    const plans = follow(under, []);
    expect(plans.map(({ at }) => minutesAfter(at))).toEqual([0, 1, 2, 3]);
    const { plan } = plans.at(-1)!;
    expect(plan).toMatchObject({ escalation_level: 8, deliveries: [] });
    expect(plan.trace.at(-1)).toMatchObject({ outcome: 'exhausted' });
  });

  it('never makes a step too large for one commit', () => {
    const crowd = buildSchedule({
      members: [
        {
          user: 'bo',
          targets: Array.from({ length: 60 }, (_, n) => ({
            channel: 'slack' as const,
            destination: `s-${n}`,
          })),
        },
        { user: 'ada', targets: [{ channel: 'slack', destination: 'slack-ada' }] },
      ],
    });
    const plan = takeStep(policy([[0, ON_CALL]]), [crowd], ALERT, BUILT_AT);
    expect(plan.deliveries).toHaveLength(STEP_TARGETS_MAX);
    expect(plan.trace).toContainEqual(expect.objectContaining({ outcome: 'too_many_targets' }));
  });

  it('tells a destination once that several targets name', () => {
    const self: EscalationTarget = { channel: 'slack', destination: 'slack-bo' };
    const plan = takeStep(policy([[0, ON_CALL, self]]), [buildSchedule()], ALERT, BUILT_AT);
    expect(plan.deliveries).toMatchObject([{ destination: 'slack-bo', for_user: 'bo' }]);
  });
});

describe('a policy that goes on', () => {
  const minute = (fields: Partial<EscalationPolicy>, level: number) => {
    const under = policy(
      [
        [0, PAGE],
        [0, CHAT],
      ],
      fields,
    );
    return planOnward(under, [], { ...ALERT, escalation_level: level }, BUILT_AT);
  };

  it('takes at once nothing but its immediate first step: the others wait for their timers', () => {
    expect(minute({}, 0).deliveries).toHaveLength(1);
    expect(minute({}, 1)).toMatchObject({ deliveries: [], timer: { step: 2, due_at: BUILT_AT } });
    const again = minute({ repeat: 1, repeat_delay_minutes: 0 }, 2);
    expect(again).toMatchObject({ deliveries: [], timer: { step: 3, due_at: BUILT_AT } });
  });

  it('pauses before a repetition, not within it', () => {
    const under = policy(
      [
        [0, PAGE],
        [5, CHAT],
      ],
      { repeat: 1, repeat_delay_minutes: 30 },
    );
    const delays = [0, 1, 2, 3, 4].map((escalation_level) => {
      const next = nextPosition(under, { ...ALERT, escalation_level });
      return next && next.delayMs / 60_000;
    });
    expect(delays).toEqual([0, 5, 30, 5, undefined]);
  });

  it('past its end takes nothing, and says so', () => {
    const standing = { ...ALERT, escalation_level: 1 };
    expect(takeStep(policy([[0, PAGE]]), [], standing, BUILT_AT)).toStrictEqual({
      escalation_level: 1,
      deliveries: [],
      trace: [{ step: 'escalation_step', outcome: 'exhausted', id: 'default' }],
    });
  });
});

it('nothing is timed after the last step', () => {
  expect(
    planTimer(policy([[0, PAGE]]), { ...ALERT, escalation_level: 1 }, BUILT_AT),
  ).toBeUndefined();
});
