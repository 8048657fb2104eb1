import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefused } from '#infra/local/instance/refused.ts';

const held = new Set<string>();

/** When the process with this id started, where the system tells (Linux); tells a reused id apart. */
function startMark(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Takes `<home>/lock.json` so that two instances never share a home; a lock left by a killed process
 * is taken over. Returns the way to give it back. Throws StartRefused.
 */
export function lockHome(home: string): () => void {
  const file = join(home, 'lock.json');
  const mine = JSON.stringify({ pid: process.pid, mark: startMark(process.pid) });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error;
      const owner = readOwner(file);
      const isOther = owner !== undefined && owner.pid !== process.pid;
      const inUse = isOther
        ? isAlive(owner.pid) && startMark(owner.pid) === owner.mark
        : held.has(home);
      if (inUse)
        throw new StartRefused(
          `The state directory ${home} is in use by the process ${owner?.pid}. Stop that one, or give this one its own: SENTRY_HOME=.sentry-2 SENTRY_PORT=4567 npm start`,
          { cause: error },
        );
      rmSync(file, { force: true });
    }
  }
  held.add(home);
  return () => {
    held.delete(home);
    rmSync(file, { force: true });
  };
}

/** Undefined for a lock that was being written when its process died. */
function readOwner(file: string): { pid: number; mark?: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; mark?: string };
  } catch {
    return undefined;
  }
}
