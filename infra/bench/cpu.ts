import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options: { type: 'minor' }) => void;

/** CPU of all threads that a run takes, in µs. */
export async function cpuOf(run: () => unknown): Promise<number> {
  // A run pays for its own garbage. Twice: what lives through two leaves the young generation. Not a
  // major collection: it shrinks the heap, and the floor would look twice as high as it is.
  collectGarbage({ type: 'minor' });
  collectGarbage({ type: 'minor' });
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
