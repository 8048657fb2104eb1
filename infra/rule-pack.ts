import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The shipped rules as they stand in `infra/rules/<pack>`, by file name. */
export function readRulePack(pack: 'default' | OptionalPack = 'default'): unknown[] {
  const folder = join(import.meta.dirname, 'rules', pack);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
}

/** Packs that an installation gets only when it asks for them. */
const OPTIONAL_PACKS = ['cloudtrail'] as const;
type OptionalPack = (typeof OPTIONAL_PACKS)[number];

/** The default pack and those named, with commas between. Throws an Error that names the packs there are. */
export function readRulePacks(named: string | undefined): unknown[] {
  const names = (named ?? '').split(',').filter((name) => name !== '');
  const packs = names.map((name) => {
    const pack = OPTIONAL_PACKS.find((one) => one === name);
    if (pack === undefined)
      throw new Error(`There is no rule pack "${name}"; there is ${OPTIONAL_PACKS.join(', ')}.`);
    return pack;
  });
  return [...readRulePack(), ...packs.flatMap(readRulePack)];
}
