import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { FromWorker, ToWorker } from './message.ts';
import type { WorkerLog } from './log.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** One running worker process. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  send(message: ToWorker): void;
  /** Ends it at once, whatever it does (as Lambda ends a sandbox). */
  kill(): void;
  /** Lets it go: it ends when the channel closes, or is killed after `graceMs`. */
  end(graceMs: number): Promise<void>;
}

/** Starts a worker; `onExit` is called exactly once, however it ends. */
export function startProcess(options: {
  name: string;
  environment: NodeJS.ProcessEnv;
  log: WorkerLog;
  onMessage: (message: FromWorker) => void;
  onExit: (reason: string) => void;
}): WorkerProcess {
  const output = options.log.open(options.name);
  const child = fork(WORKER, [], {
    env: options.environment,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', output.stdio, output.stdio, 'ipc'],
  });
  output.attach(child);
  const ended = whenEnded(child);
  void ended.then((reason) => {
    output.close();
    options.onExit(reason);
  });
  child.on('message', (message) => options.onMessage(message as FromWorker));
  return {
    pid: child.pid,
    // A send that fails means the channel is gone: the exit that follows tells the caller.
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    kill: () => void child.kill('SIGKILL'),
    async end(graceMs) {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal ? `signal ${signal}` : `exit status ${code}`),
    );
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
}
