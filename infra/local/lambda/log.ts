import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const FILE_BYTES_MAX = 10 * 1024 * 1024;

/** Where the output of worker processes goes; never the terminal. */
export interface WorkerLog {
  open(worker: string): {
    stdio: number | 'pipe';
    attach(child: ChildProcess): void;
    close(): void;
  };
}

/** `<directory>/<worker>.log`, appended to; beyond 10 MiB the old one becomes `.log.1`. */
export function logToDirectory(directory: string): WorkerLog {
  return {
    open(worker) {
      mkdirSync(directory, { recursive: true });
      const file = join(directory, `${worker}.log`);
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FILE_BYTES_MAX) {
        renameSync(file, `${file}.1`);
      }
      const descriptor = openSync(file, 'a', 0o600);
      return { stdio: descriptor, attach: () => undefined, close: () => closeSync(descriptor) };
    },
  };
}

/** Hands over line by line what workers print. */
export function logToCallback(onLine: (worker: string, line: string) => void): WorkerLog {
  return {
    open: (worker) => ({
      stdio: 'pipe',
      attach(child) {
        for (const stream of [child.stdout, child.stderr]) {
          if (stream) createInterface({ input: stream }).on('line', (line) => onLine(worker, line));
        }
      },
      close: () => undefined,
    }),
  };
}
