import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packs under `infra/rules`: `default` is written at installation, the others are asked for. */
export const RULE_PACKS = ['default', 'cloudtrail'] as const;
export type RulePack = (typeof RULE_PACKS)[number];

/** The shipped rules of a pack, by file name. */
export function readRulePack(pack: RulePack = 'default'): unknown[] {
  const folder = join(import.meta.dirname, 'rules', pack);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
}
