import { Engine } from 'json-rules-engine';
import type { NestedCondition, TopLevelCondition } from 'json-rules-engine';
import { LogicEngine } from 'json-logic-engine';

import { compile } from '#shared/pattern/compile.ts';

import type { BenchRule, Condition } from './rule-workload.ts';

/** Gives the ids of the rules an event fires, in any order. */
export type Evaluate = (event: object) => string[] | Promise<string[]>;

/** The engines side by side, each with the rules in its own language, and the most rules it is run with. */
export const ENGINES: readonly {
  name: string;
  most: number;
  prepare: (rules: readonly BenchRule[]) => Evaluate;
}[] = [
  { name: 'sentry', most: Infinity, prepare: sentry },
  { name: 'naive closures', most: Infinity, prepare: closures },
  { name: 'json-logic-engine', most: Infinity, prepare: jsonLogic },
  { name: 'json-rules-engine', most: 1_000, prepare: jsonRules },
];

/** The rules as EventBridge patterns. */
export function patternsOf(rules: readonly BenchRule[]): Map<string, unknown> {
  const nested = (conditions: readonly Condition[]) => {
    const pattern: Record<string, unknown> = {};
    for (const { path, test, operand } of conditions) {
      const [first, second] = path.split('.') as [string, string | undefined];
      const holder = second === undefined ? pattern : ((pattern[first] ??= {}) as typeof pattern);
      holder[second ?? first] = test === 'equals' ? operand : [matcherOf(test, operand)];
    }
    return pattern;
  };
  return new Map(
    rules.map(({ id, all, any }) => [
      id,
      { ...nested(all), ...(any && { $or: any.map((one) => nested([one])) }) },
    ]),
  );
}

function matcherOf(test: Condition['test'], operand: unknown): unknown {
  if (test === 'above') return { numeric: ['>', operand] };
  if (test === 'contains') return { wildcard: `*${String(operand)}*` };
  if (test === 'none-of') return { 'anything-but': operand };
  return { [test]: operand };
}

function sentry(rules: readonly BenchRule[]): Evaluate {
  const compiled = compile(patternsOf(rules));
  return (event) => compiled.match(event);
}

/** What each condition means, once for all peers. */
const TESTS: Record<Condition['test'], (value: unknown, operand: unknown) => boolean> = {
  equals: (value, operand) => (operand as unknown[]).includes(value),
  above: (value, operand) => typeof value === 'number' && value > (operand as number),
  prefix: (value, operand) => typeof value === 'string' && value.startsWith(operand as string),
  suffix: (value, operand) => typeof value === 'string' && value.endsWith(operand as string),
  contains: (value, operand) => typeof value === 'string' && value.includes(operand as string),
  exists: (value) => value !== undefined,
  'none-of': (value, operand) => value !== undefined && !(operand as unknown[]).includes(value),
  cidr: (value, operand) =>
    typeof value === 'string' &&
    value.slice(0, value.lastIndexOf('.')) === (operand as string).slice(0, -'.0/24'.length),
};

function closures(rules: readonly BenchRule[]): Evaluate {
  const holds = ({ path, test, operand }: Condition) => {
    const [first, second] = path.split('.') as [string, string | undefined];
    const check = TESTS[test];
    return second === undefined
      ? (event: Nested) => check(event[first], operand)
      : (event: Nested) => check((event[first] as Nested | undefined)?.[second], operand);
  };
  const made = rules.map(({ id, all, any }) => ({
    id,
    all: all.map(holds),
    any: any?.map(holds),
  }));
  return (event) =>
    made
      .filter(
        ({ all, any }) =>
          all.every((one) => one(event as Nested)) &&
          (any === undefined || any.some((one) => one(event as Nested))),
      )
      .map(({ id }) => id);
}

type Nested = Record<string, unknown>;

function jsonLogic(rules: readonly BenchRule[]): Evaluate {
  const engine = new LogicEngine();
  for (const [name, test] of Object.entries(TESTS))
    engine.addMethod(
      name,
      ([value, operand]: [unknown, unknown]) => test(value ?? undefined, operand),
      {
        deterministic: true,
      },
    );
  const logicOf = ({ path, test, operand }: Condition) => ({
    [test]: [{ var: path }, { preserve: operand }],
  });
  const built = rules.map(({ id, all, any }) => ({
    id,
    fires: engine.build({
      and: [...all.map(logicOf), ...(any ? [{ or: any.map(logicOf) }] : [])],
    }) as (event: object) => boolean,
  }));
  return (event) => built.filter(({ fires }) => fires(event)).map(({ id }) => id);
}

function jsonRules(rules: readonly BenchRule[]): Evaluate {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const [name, test] of Object.entries(TESTS)) engine.addOperator(name, test);
  const conditionOf = ({ path, test, operand }: Condition): NestedCondition => {
    const [fact, below] = path.split('.') as [string, string | undefined];
    return { fact, operator: test, value: operand, ...(below && { path: `$.${below}` }) };
  };
  for (const { id, all, any } of rules) {
    const conditions: TopLevelCondition = {
      all: [...all.map(conditionOf), ...(any ? [{ any: any.map(conditionOf) }] : [])],
    };
    engine.addRule({ conditions, event: { type: id } });
  }
  return async (event) => (await engine.run(event)).events.map(({ type }) => type);
}
