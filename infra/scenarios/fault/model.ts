import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Fault, Verdict } from './fault.ts';

const CRASHES = { short: 1, long: 2 } as const;
const PROGRAM = resolve(import.meta.dirname, '../../model/run.ts');

interface Report {
  states: number;
  transitions: number;
  holds: boolean;
}

/** The model in a process of its own: it fills gigabytes of memory that the faults after it want. */
export const model: Fault = {
  id: 'model',
  name: 'model',
  what: 'every interleaving of detector, notifiers, timer, sweeper and people, with crashes anywhere',
  async run({ size }): Promise<Verdict> {
    const directory = mkdtempSync(join(tmpdir(), 'sentry-model-'));
    const json = join(directory, 'model.json');
    try {
      const command = [PROGRAM, '--crashes', String(CRASHES[size]), '--json', json];
      const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
      const [status] = (await once(child, 'exit')) as [number | null];
      if (!existsSync(json)) throw new Error(`the model ended with status ${status}`);
      const { states, transitions, holds } = JSON.parse(readFileSync(json, 'utf8')) as Report;
      return {
        wrong: holds ? [] : ['an invariant does not hold: node infra/model/run.ts shows the way'],
        lost: 0,
        extra: 0,
        doubles: 0,
        repeated: 0,
        figures: { crashes: CRASHES[size], states, transitions },
      };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
