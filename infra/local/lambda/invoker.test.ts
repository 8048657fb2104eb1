import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LocalClock } from '#infra/local/clock.ts';

import { FIXTURE_DIRECTORY, FIXTURES } from './fixture/definition.ts';
import { createInvoker } from './invoker.ts';
import type { LocalInvoker } from './invoker.ts';
import { logToCallback, logToDirectory } from './log.ts';

const DG = 'https://docs.aws.amazon.com/lambda/latest/dg';

const clock = new LocalClock();
const lines: string[] = [];
const lineWaits = new Set<() => void>();
let invoker: LocalInvoker;

function make(log = logToCallback(onLine)): LocalInvoker {
  return createInvoker({
    environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    clock,
    log,
    functions: FIXTURES,
    directory: FIXTURE_DIRECTORY,
  });
}

function onLine(_worker: string, line: string): void {
  lines.push(line);
  for (const wake of lineWaits) wake();
}

/** Resolves when a worker has printed `text` once more than now. */
function printed(text: string): Promise<void> {
  const count = () => lines.filter((line) => line.includes(text)).length;
  const before = count();
  return new Promise((resolve) => {
    const wake = () => {
      if (count() === before) return;
      lineWaits.delete(wake);
      resolve();
    };
    lineWaits.add(wake);
  });
}

beforeAll(async () => {
  process.env['AWS_PROFILE'] = 'production';
  invoker = make();
  await invoker.whenReady();
});
afterAll(async () => {
  delete process.env['AWS_PROFILE'];
  await invoker.close();
  clock.close();
});

describe('an invocation', () => {
  it(`hands over event and context as documented (${DG}/nodejs-context.html)`, async () => {
    const answer = await invoker.invoke('echo', { a: 1 });
    expect(answer).toMatchObject({
      event: { a: 1 },
      functionName: 'echo',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      memory: '512',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
    });
    const { remainingMs } = answer as { remainingMs: number };
    expect(remainingMs).toBeGreaterThan(0);
    expect(remainingMs).toBeLessThanOrEqual(10_000);
  });

  it('never sees an AWS profile of the user', async () => {
    expect(await invoker.invoke('echo', null)).not.toHaveProperty('profile');
  });

  it(`passes the result through JSON: dates are text, undefined is null (${DG}/nodejs-handler.html)`, async () => {
    const answer = await invoker.invoke('echo', {});
    expect(answer).toMatchObject({ at: '1970-01-01T00:00:00.000Z' });
    expect(answer).not.toHaveProperty('none');
    expect(await invoker.invoke('nothing', {})).toBeNull();
  });

  it('runs on the local clock as it stands at its start', async () => {
    const before = clock.offsetMs;
    clock.advance(90_000);
    expect(await invoker.invoke('echo', {})).toMatchObject({ offsetMs: before + 90_000 });
  });

  it('does not wait for others of the same worker', async () => {
    const begun = printed('waiting');
    const slow = invoker.invoke('waits', { ms: 300 });
    await begun;
    await invoker.invoke('echo', {});
    expect(await slow).toBe('waited');
  });

  it('of an unknown function is refused', async () => {
    await expect(invoker.invoke('constructor', {})).rejects.toThrow("no function 'constructor'");
  });
});

describe(`a function error (${DG}/nodejs-exceptions.html)`, () => {
  it('is "handled" with type and message when the handler throws', async () => {
    await expect(invoker.invoke('throws', {})).rejects.toMatchObject({
      kind: 'handled',
      message: 'TypeError: no such alert',
    });
  });

  it('is "handled" when the module does not load, and spares the other functions', async () => {
    await expect(invoker.invoke('unloadable', {})).rejects.toMatchObject({
      kind: 'handled',
      message: 'Runtime.ImportModuleError: missing configuration',
    });
    await expect(invoker.invoke('echo', {})).resolves.toBeDefined();
  });

  it('is "timeout" when it overruns; the worker is replaced and takes new work', async () => {
    const { stream } = invoker.pids();
    const late = invoker.invoke('waits', {}, { timeoutMs: 50 });
    await expect(late).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Task timed out after 0.05 seconds',
    });
    const answer = (await invoker.invoke('echo', {})) as { pid: number };
    expect(answer.pid).not.toBe(stream);
    expect(answer.pid).toBe(invoker.pids()['stream']);
  });

  it('is "crash" for everything in flight when the process exits, and new work waits for the next one', async () => {
    const begun = printed('waiting');
    const neighbour = expect(invoker.invoke('waits', {})).rejects.toMatchObject({ kind: 'crash' });
    await begun;
    await expect(invoker.invoke('dies', { code: 3 })).rejects.toMatchObject({
      kind: 'crash',
      message: 'Runtime exited: exit status 3',
    });
    await neighbour;
    await expect(invoker.invoke('echo', {})).resolves.toBeDefined();
  });

  it('is "crash" when the worker is SIGKILLed; the other worker is untouched', async () => {
    const { stream, request } = invoker.pids();
    const begun = printed('waiting');
    const victim = invoker.invoke('waits', {});
    await begun;
    process.kill(stream!, 'SIGKILL');
    await expect(victim).rejects.toMatchObject({
      kind: 'crash',
      message: 'Runtime exited: signal SIGKILL',
    });
    expect(await invoker.invoke('other', {})).toMatchObject({ pid: request });
    await expect(invoker.invoke('echo', {})).resolves.toBeDefined();
  });
});

describe('the workers', () => {
  it('of long runs start with the first of them', async () => {
    expect(invoker.pids()).not.toHaveProperty('batch');
    const { pid } = (await invoker.invoke('long', {})) as { pid: number };
    expect(invoker.pids()['batch']).toBe(pid);
    expect(Object.values(invoker.pids()).filter((one) => one === pid)).toHaveLength(1);
  });

  it('are replaced by restart()', async () => {
    const before = invoker.pids();
    invoker.restart();
    const { pid } = (await invoker.invoke('echo', {})) as { pid: number };
    expect(pid).not.toBe(before['stream']);
  });

  it('write what they print to a file by worker, and close() rejects what is in flight', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'worker-log-'));
    const other = make(logToDirectory(directory));
    await other.whenReady();
    await expect(other.invoke('throws', {})).rejects.toThrow('no such alert');
    const pending = expect(other.invoke('waits', {})).rejects.toMatchObject({ kind: 'crash' });
    const pids = Object.values(other.pids());
    await other.close();
    await pending;
    expect(readFileSync(join(directory, 'stream.log'), 'utf8')).toContain(
      'TypeError: no such alert',
    );
    for (const pid of pids) expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
    await expect(other.invoke('echo', {})).rejects.toMatchObject({ kind: 'crash' });
    rmSync(directory, { recursive: true });
  });

  it('end by themselves when their parent is SIGKILLed', async () => {
    const script = fileURLToPath(new URL('./fixture/parent.ts', import.meta.url));
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
      expect(JSON.parse(line)).toHaveLength(2);
    } finally {
      parent.kill('SIGKILL');
    }
    // The workers hold the parent's output open: it ends when the last of them has.
    await once(parent.stdout, 'close');
  });
});
