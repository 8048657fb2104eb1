import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { App } from 'aws-cdk-lib';
import { Template as Synthesized } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { SentryStack } from '#infra/aws/stack.ts';
import { makeScratch } from '#infra/local/conformance-server.ts';
import type { InvokerOptions, LocalInvoker } from '#infra/local/lambda/invoker.ts';
import { openScenario, type Scenario } from '#infra/scenarios/harness.ts';
import { FUNCTIONS, type FunctionName, type Grant } from '#infra/functions.ts';

import { isUse } from './call.ts';
import { liveThroughADay } from './day.testing.ts';
import { type Recorded, recordCalls } from './record-calls.ts';
import { isAllowed, readRoles } from './role.ts';
import type { Template } from './template.ts';

/** A worker for each function, whose access key is its name: so that each call tells who made it. */
vi.mock('#infra/local/lambda/invoker.ts', async (importOriginal) => {
  const { createInvoker } = await importOriginal<{
    createInvoker: (options: InvokerOptions) => LocalInvoker;
  }>();
  return {
    createInvoker(options: InvokerOptions): LocalInvoker {
      const made = new Map<string, LocalInvoker>();
      const invokerOf = (name: string) => {
        const own =
          made.get(name) ??
          createInvoker({
            ...options,
            functions: { [name]: FUNCTIONS[name as FunctionName] },
            environment: { ...options.environment, AWS_ACCESS_KEY_ID: name },
          });
        made.set(name, own);
        return own;
      };
      return {
        invoke: (name, event, limits) => invokerOf(name).invoke(name, event, limits),
        whenReady: () => Promise.resolve(),
        pids: () => ({}),
        restart: () => undefined,
        close: async () => void (await Promise.all([...made.values()].map((one) => one.close()))),
      };
    },
  };
});

const scratch = makeScratch();
let scenario: Scenario;
let calls: ReadonlyMap<string, Recorded>;

beforeAll(async () => {
  scenario = await openScenario();
  calls = recordCalls(scenario.instance.services, Object.keys(FUNCTIONS));
}, 60_000);
afterAll(async () => {
  await scenario.close();
  scratch.remove();
});

it('every call the functions make is allowed by their roles, and no grant is there for nothing', async () => {
  await liveThroughADay(scenario);
  const seen = [...calls.values()];
  expect([...new Set(seen.map(({ name }) => name))].sort()).toEqual(Object.keys(FUNCTIONS).sort());

  const roles = readRoles(synthesize());
  const refused = seen.filter(({ name, call }) => !isAllowed(roles.get(`sentry-${name}`)!, call));
  const described = refused.map(({ name, call }) => `${name}: ${call.action} ${call.resource}`);
  expect([...new Set(described)]).toEqual([]);

  const unused = Object.entries(FUNCTIONS).flatMap(([name, { grants }]) =>
    (grants as readonly Grant[])
      .filter((grant) => !NOT_SEEN_HERE.has(grant))
      .filter((grant) => !seen.some((one) => one.name === name && isUse(grant, one.call)))
      .map((grant) => `${name}: ${grant}`)
      .filter((use) => !SELDOM.has(use)),
  );
  expect(unused).toEqual([]);
}, 120_000);

/** Used by Lambda itself, or on a path that is not an AWS service's. */
const NOT_SEEN_HERE: ReadonlySet<Grant> = new Set<Grant>([
  'stream:read',
  'queue:timers:receive',
  'queue:backtests:receive',
  'store:failures:write',
  'live:push',
]);

/** Used on days that go worse than this one. */
const SELDOM: ReadonlySet<string> = new Set([
  // A rule that keeps faulting is switched off.
  'detect: table:config:write',
  // SNS refuses, or a hint comes early.
  'notify-email: queue:timers:send',
  'escalate: queue:timers:send',
  // Another job of the tenant runs; here the queue hands them over one by one.
  'backtest: queue:backtests:send',
]);

function synthesize(): Template {
  const functions = join(scratch.directory, 'functions');
  for (const name of [...Object.values(FUNCTIONS).map(({ folder }) => folder), 'setup']) {
    mkdirSync(join(functions, name), { recursive: true });
    writeFileSync(join(functions, name, 'handler.mjs'), 'export const handler = 1;');
  }
  writeFileSync(join(functions, 'setup', 'rules.json'), '[]');
  const dashboard = join(scratch.directory, 'dashboard');
  mkdirSync(dashboard);
  writeFileSync(join(dashboard, 'index.html'), '<!doctype html>');
  const app = new App({ outdir: join(scratch.directory, 'out') });
  const stack = new SentryStack(app, 'Test', {
    functionsFolder: functions,
    dashboardFolder: dashboard,
    alarmEmail: undefined,
  });
  return Synthesized.fromStack(stack).toJSON() as Template;
}
