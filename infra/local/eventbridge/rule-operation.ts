import * as z from 'zod';

import type { LocalClock } from '#infra/local/clock.ts';
import { AwsError } from '#infra/local/wire/error.ts';
import { operation } from '#infra/local/wire/json.ts';
import type { JsonOperation } from '#infra/local/wire/json.ts';

import { parseRate } from './schedule.ts';
import { busArn, busName, ruleArn } from './store.ts';
import type { Rule, RuleStore } from './store.ts';

const Name = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/);
const OnBus = z.object({ EventBusName: z.string().optional() });
const OfRule = OnBus.extend({ Rule: z.string() });
const Named = OnBus.extend({ Name: z.string() });

const Target = z.looseObject({
  Id: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  Arn: z.string().startsWith('arn:').max(1600),
  Input: z.string().max(8192).optional(),
  InputPath: z.string().max(256).optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.number().int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.number().int().min(60).max(86_400).optional(),
    })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
});

/** Buses, rules and targets over the wire. `changed` is called after every change of what is matched or fired. */
export function createRuleOperations(
  store: RuleStore,
  clock: LocalClock,
  checkPattern: (pattern: string) => void,
  changed: () => void,
): Record<string, JsonOperation> {
  const setState = (state: Rule['state']): JsonOperation =>
    operation(Named, (input) => {
      store.saveRule({ ...store.rule(busName(input.EventBusName), input.Name), state });
      changed();
    });

  return {
    CreateEventBus: operation(
      z.object({ Name: z.string().regex(/^[/.\-_A-Za-z0-9]{1,256}$/) }),
      (input) => {
        if (!store.createBus(input.Name, clock.now())) {
          throw new AwsError(
            'ResourceAlreadyExistsException',
            `Event bus ${input.Name} already exists.`,
          );
        }
        return { EventBusArn: busArn(input.Name) };
      },
    ),
    DeleteEventBus: operation(z.object({ Name: z.string() }), (input) => {
      if (input.Name === 'default')
        throw new AwsError('ValidationException', 'Cannot delete event bus default.');
      if (store.rules(input.Name).length > 0)
        throw new AwsError('ValidationException', "Event bus can't be deleted since it has rules.");
      store.removeBus(input.Name);
    }),
    DescribeEventBus: operation(z.object({ Name: z.string().optional() }), (input) => {
      const name = store.requireBus(busName(input.Name));
      return { Name: name, Arn: busArn(name) };
    }),
    ListEventBuses: operation(z.object({ NamePrefix: z.string().default('') }), (input) => ({
      EventBuses: store
        .buses()
        .filter((bus) => bus.name.startsWith(input.NamePrefix))
        .map((bus) => ({
          Name: bus.name,
          Arn: busArn(bus.name),
          CreationTime: bus.created_at / 1000,
        })),
    })),
    PutRule: operation(
      OnBus.extend({
        Name,
        EventPattern: z.string().optional(),
        ScheduleExpression: z.string().optional(),
        State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
        Description: z.string().max(512).optional(),
      }),
      (input) => {
        const bus = store.requireBus(busName(input.EventBusName));
        if (!input.EventPattern && !input.ScheduleExpression) {
          throw new AwsError(
            'ValidationException',
            'Parameter(s) EventPattern or ScheduleExpression must be specified.',
          );
        }
        if (input.ScheduleExpression && bus !== 'default') {
          throw new AwsError(
            'ValidationException',
            'ScheduleExpression is supported only on the default event bus.',
          );
        }
        if (input.EventPattern) checkPattern(input.EventPattern);
        const before = store.findRule(bus, input.Name);
        const schedule = input.ScheduleExpression ?? null;
        const first = schedule === null ? null : clock.now() + parseRate(schedule);
        // The same rule put again keeps its beat, unless the clock was set back since.
        const beat = before?.schedule === schedule ? before.next_fire_at : null;
        store.saveRule({
          bus,
          name: input.Name,
          pattern: input.EventPattern ?? null,
          schedule,
          state: input.State,
          description: input.Description ?? null,
          next_fire_at: beat !== null && first !== null ? Math.min(beat, first) : first,
        });
        changed();
        return { RuleArn: ruleArn(bus, input.Name) };
      },
    ),
    DeleteRule: operation(Named, (input) => {
      const bus = busName(input.EventBusName);
      if (store.targets(bus, input.Name).length > 0) {
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      }
      store.removeRule(bus, input.Name);
      changed();
    }),
    DescribeRule: operation(Named, (input) =>
      describeRule(store.rule(busName(input.EventBusName), input.Name)),
    ),
    ListRules: operation(OnBus.extend({ NamePrefix: z.string().default('') }), (input) => ({
      Rules: store
        .rules(store.requireBus(busName(input.EventBusName)))
        .filter((rule) => rule.name.startsWith(input.NamePrefix))
        .map(describeRule),
    })),
    EnableRule: setState('ENABLED'),
    DisableRule: setState('DISABLED'),
    PutTargets: operation(OfRule.extend({ Targets: z.array(Target).min(1).max(100) }), (input) => {
      const rule = store.rule(busName(input.EventBusName), input.Rule);
      store.putTargets(rule.bus, rule.name, input.Targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    }),
    RemoveTargets: operation(
      OfRule.extend({ Ids: z.array(z.string()).min(1).max(100) }),
      (input) => {
        const rule = store.rule(busName(input.EventBusName), input.Rule);
        const FailedEntries = input.Ids.filter(
          (id) => !store.removeTarget(rule.bus, rule.name, id),
        ).map((id) => ({
          TargetId: id,
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: `Target ${id} does not exist.`,
        }));
        return { FailedEntryCount: FailedEntries.length, FailedEntries };
      },
    ),
    ListTargetsByRule: operation(OfRule, (input) => {
      const rule = store.rule(busName(input.EventBusName), input.Rule);
      return { Targets: store.targets(rule.bus, rule.name) };
    }),
    TagResource: () => ({}),
    ListTagsForResource: () => ({ Tags: [] }),
  };
}

function describeRule(rule: Rule): object {
  return {
    Name: rule.name,
    Arn: ruleArn(rule.bus, rule.name),
    EventBusName: rule.bus,
    State: rule.state,
    ...(rule.pattern === null ? {} : { EventPattern: rule.pattern }),
    ...(rule.schedule === null ? {} : { ScheduleExpression: rule.schedule }),
    ...(rule.description === null ? {} : { Description: rule.description }),
  };
}
