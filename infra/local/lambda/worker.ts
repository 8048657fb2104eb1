/**
 * A worker process: runs the handlers named in its plan, several invocations at a time. Started by
 * `infra/local/lambda/process.ts` only; ends by itself when the parent is gone.
 */
import { pathToFileURL } from 'node:url';

import { systemClock } from '#functions/_runtime/clock.ts';

import { createContext } from './context.ts';
import { WORKER_PLAN } from './message.ts';
import type { FromWorker, ToWorker, WorkerPlan } from './message.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const plan = JSON.parse(process.env[WORKER_PLAN] ?? '{}') as WorkerPlan;
const loaded = new Map<string, Promise<Handler>>();

function load(functionName: string): Promise<Handler> {
  let handler = loaded.get(functionName);
  if (!handler) {
    handler = importHandler(functionName);
    loaded.set(functionName, handler);
  }
  return handler;
}

async function importHandler(functionName: string): Promise<Handler> {
  const path = plan.handlers[functionName];
  if (path === undefined) throw named('Runtime.ImportModuleError', `no function ${functionName}`);
  let module: { handler?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { handler?: unknown };
  } catch (error) {
    throw named(
      'Runtime.ImportModuleError',
      error instanceof Error ? error.message : String(error),
    );
  }
  if (typeof module.handler === 'function') return module.handler as Handler;
  throw named('Runtime.HandlerNotFound', `${path} exports no function 'handler'`);
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

async function run(message: ToWorker): Promise<FromWorker> {
  const { id, functionName } = message;
  try {
    const handler = await load(functionName);
    systemClock.offsetMs = message.offsetMs;
    const result = await handler(JSON.parse(message.event), createContext(message));
    return { kind: 'result', id, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    const {
      name,
      message: text,
      stack,
    } = error instanceof Error ? error : named('Error', String(error));
    console.error(
      `${new Date().toISOString()} ${functionName} ${message.requestId}`,
      stack ?? text,
    );
    return { kind: 'error', id, errorType: name, errorMessage: text, trace: stack ?? '' };
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the parent decides when its workers end.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToWorker) => void run(message).then(tell));

if (plan.warm) {
  for (const functionName of Object.keys(plan.handlers)) {
    try {
      await load(functionName);
    } catch (error) {
      console.error(`${functionName} does not load:`, error);
    }
  }
}
tell({ kind: 'ready' });
