import { randomUUID } from 'node:crypto';

import type { LocalClock } from '#infra/local/clock.ts';
import { InvocationError } from '#infra/local/service.ts';
import type { FunctionDefinition } from '#infra/functions.ts';

import type { WorkerLog } from './log.ts';
import type { FromWorker } from './message.ts';
import { startProcess } from './process.ts';
import type { WorkerProcess } from './process.ts';

/** Backoff of a crash loop: 0, 100, 200, … 5,000 ms; a worker that lived this long starts afresh. */
const RESTART_BASE_MS = 100;
const RESTART_MAX_MS = 5000;
const HEALTHY_MS = 10_000;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB synchronous. */
const RESULT_BYTES_MAX = 6_291_556;

interface Invocation {
  functionName: string;
  definition: FunctionDefinition;
  event: string;
  timeoutMs: number;
  timer?: NodeJS.Timeout;
  resolve: (value: unknown) => void;
  reject: (error: InvocationError) => void;
}

/**
 * One worker process kept alive: invocations wait while it starts, fail with `crash` when it dies
 * under them, and it is started again at once (with backoff when it keeps dying).
 */
export class WorkerGroup {
  readonly #name: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #clock: LocalClock;
  readonly #log: WorkerLog;
  readonly #running = new Map<number, Invocation>();
  #waiting: Invocation[] = [];
  #nextId = 1;
  #process: WorkerProcess | undefined;
  #ready = false;
  #readyWaits: (() => void)[] = [];
  #startedAt = 0;
  #crashes = 0;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(name: string, environment: NodeJS.ProcessEnv, clock: LocalClock, log: WorkerLog) {
    this.#name = name;
    this.#environment = environment;
    this.#clock = clock;
    this.#log = log;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when the worker takes invocations. */
  whenReady(): Promise<void> {
    if (this.#ready) return Promise.resolve();
    return new Promise((resolve) => void this.#readyWaits.push(resolve));
  }

  invoke(
    functionName: string,
    definition: FunctionDefinition,
    event: unknown,
    timeoutMs: number,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new InvocationError('crash', 'the invoker is closed'));
      const text = JSON.stringify(event) ?? 'null';
      const invocation = { functionName, definition, event: text, timeoutMs, resolve, reject };
      if (this.#ready) this.#send(invocation);
      else this.#waiting.push(invocation);
    });
  }

  /** Ends the process and starts a new one, so that changed code is loaded. */
  restart(): void {
    this.#crashes = 0;
    this.#kill();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    this.#failAll('the invoker was closed');
    for (const resolve of this.#readyWaits.splice(0)) resolve();
    await this.#process?.end(2000);
  }

  #start(): void {
    this.#startedAt = performance.now();
    this.#process = startProcess({
      name: this.#name,
      environment: this.#environment,
      log: this.#log,
      onMessage: (message) => this.#receive(message),
      onExit: (reason) => this.#onExit(reason),
    });
  }

  #onExit(reason: string): void {
    this.#process = undefined;
    this.#ready = false;
    const died = [...this.#running.values()];
    this.#running.clear();
    for (const invocation of died) {
      clearTimeout(invocation.timer);
      invocation.reject(new InvocationError('crash', `Runtime exited: ${reason}`));
    }
    if (this.#closed) return;
    if (performance.now() - this.#startedAt > HEALTHY_MS) this.#crashes = 0;
    const delay =
      this.#crashes === 0
        ? 0
        : Math.min(RESTART_BASE_MS * 2 ** (this.#crashes - 1), RESTART_MAX_MS);
    this.#crashes += 1;
    this.#restart = setTimeout(() => this.#start(), delay);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      for (const resolve of this.#readyWaits.splice(0)) resolve();
      for (const invocation of this.#waiting.splice(0)) this.#send(invocation);
      return;
    }
    const invocation = this.#running.get(message.id);
    if (!invocation) return;
    this.#running.delete(message.id);
    clearTimeout(invocation.timer);
    if (message.kind === 'error') {
      const text = `${message.errorType}: ${message.errorMessage}`;
      return invocation.reject(new InvocationError('handled', text));
    }
    if (Buffer.byteLength(message.payload) > RESULT_BYTES_MAX) {
      const text = `Response payload size exceeded maximum allowed payload size (${RESULT_BYTES_MAX} bytes).`;
      return invocation.reject(new InvocationError('handled', text));
    }
    invocation.resolve(JSON.parse(message.payload));
  }

  #send(invocation: Invocation): void {
    const id = this.#nextId++;
    this.#running.set(id, invocation);
    invocation.timer = setTimeout(() => this.#expire(id, invocation), invocation.timeoutMs);
    this.#process?.send({
      kind: 'invoke',
      id,
      requestId: randomUUID(),
      functionName: invocation.functionName,
      event: invocation.event,
      offsetMs: this.#clock.offsetMs,
      timeoutMs: invocation.timeoutMs,
      memoryMb: invocation.definition.memoryMb,
    });
  }

  /** Lambda ends the sandbox of an invocation that overran; its neighbours here fail with `crash`. */
  #expire(id: number, invocation: Invocation): void {
    this.#running.delete(id);
    const seconds = (invocation.timeoutMs / 1000).toFixed(2);
    invocation.reject(new InvocationError('timeout', `Task timed out after ${seconds} seconds`));
    this.#kill();
  }

  /** What comes from now on waits for the next process. */
  #kill(): void {
    this.#ready = false;
    this.#process?.kill();
  }

  #failAll(reason: string): void {
    for (const invocation of [...this.#running.values(), ...this.#waiting]) {
      clearTimeout(invocation.timer);
      invocation.reject(new InvocationError('crash', reason));
    }
    this.#running.clear();
    this.#waiting = [];
  }
}
