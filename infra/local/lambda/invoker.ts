import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { LocalClock } from '#infra/local/clock.ts';
import { InvocationError, type Invoker } from '#infra/local/service.ts';
import { FUNCTIONS } from '#infra/functions.ts';
import type { FunctionDefinition } from '#infra/functions.ts';

import { workerEnvironment } from './environment.ts';
import type { WorkerLog } from './log.ts';
import { WorkerGroup } from './worker-group.ts';

export interface InvokerOptions {
  /** Set in every worker, over Lambda's own variables: AWS_ENDPOINT_URL, SENTRY_*. */
  environment: Readonly<Record<string, string>>;
  clock: LocalClock;
  log: WorkerLog;
  /** Import all handlers before a worker counts as ready (default true). */
  warm?: boolean;
  /** Function name → definition; the product's unless a test brings its own. */
  functions?: Readonly<Record<string, FunctionDefinition>>;
  /** Directory that holds `<folder>/handler.ts`. */
  directory?: string;
}

export interface LocalInvoker extends Invoker {
  /** Resolves when every worker takes invocations. */
  whenReady(): Promise<void>;
  /** Worker name → process id; undefined while it restarts. */
  pids(): Record<string, number | undefined>;
  /** Ends the workers and starts new ones; what is in flight rejects with `crash`. */
  restart(): void;
  close(): Promise<void>;
}

const FUNCTIONS_DIRECTORY = fileURLToPath(new URL('../../../functions', import.meta.url));

/**
 * Runs functions in worker processes, one for each `worker` named in the definitions, several
 * invocations at a time. Rejects with InvocationError: `handled` (it threw), `timeout`, `crash`.
 */
export function createInvoker(options: InvokerOptions): LocalInvoker {
  const functions: Readonly<Record<string, FunctionDefinition>> = options.functions ?? FUNCTIONS;
  const directory = options.directory ?? FUNCTIONS_DIRECTORY;
  const names = Object.keys(functions);
  const groups = new Map<string, WorkerGroup>();
  const startGroup = (worker: FunctionDefinition['worker']): WorkerGroup => {
    const mine = names.filter((name) => functions[name]!.worker === worker);
    const handlers = Object.fromEntries(
      mine.map((name) => [name, join(directory, functions[name]!.folder, 'handler.ts')]),
    );
    const plan = { handlers, warm: options.warm ?? true };
    const environment = workerEnvironment(worker, plan, options.environment);
    const group = new WorkerGroup(worker, environment, options.clock, options.log);
    groups.set(worker, group);
    return group;
  };
  // Long runs are rare: their process starts with the first of them.
  for (const worker of new Set(names.map((name) => functions[name]!.worker)))
    if (worker !== 'batch') startGroup(worker);
  let closed = false;

  return {
    invoke(functionName, event, { timeoutMs } = {}) {
      const definition = Object.hasOwn(functions, functionName)
        ? functions[functionName]
        : undefined;
      if (!definition) return Promise.reject(new Error(`no function '${functionName}'`));
      if (closed) return Promise.reject(new InvocationError('crash', 'the invoker is closed'));
      const group = groups.get(definition.worker) ?? startGroup(definition.worker);
      const limit = timeoutMs ?? definition.timeoutSeconds * 1000;
      return group.invoke(functionName, definition, event, limit);
    },
    async whenReady() {
      await Promise.all([...groups.values()].map((group) => group.whenReady()));
    },
    pids: () => Object.fromEntries([...groups].map(([name, group]) => [name, group.pid])),
    restart() {
      for (const group of groups.values()) group.restart();
    },
    async close() {
      closed = true;
      await Promise.all([...groups.values()].map((group) => group.close()));
    },
  };
}
