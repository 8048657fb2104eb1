import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockHome } from '#infra/local/instance/lock.ts';
import { StartRefused } from '#infra/local/instance/refused.ts';

/**
 * Deletes all state of a home. Throws StartRefused while an instance runs on it, and for a directory
 * that is none: `SENTRY_HOME` may point anywhere.
 */
export function clearHome(home: string): void {
  if (!existsSync(home)) return;
  const names = readdirSync(home);
  if (names.length > 0 && !names.includes('kinesis.sqlite') && !names.includes('lock.json'))
    throw new StartRefused(
      `${home} holds files but no state of an instance; it was left alone. Delete it yourself if you mean it.`,
    );
  lockHome(home)();
  for (const name of names) rmSync(join(home, name), { recursive: true, force: true });
}
