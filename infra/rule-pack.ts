import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The shipped rules as they stand in `infra/rules/default`, by file name. */
export function readRulePack(): unknown[] {
  const folder = join(import.meta.dirname, 'rules', 'default');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
}
