import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

import { readKeys } from '#shared/lookup/read-keys.ts';
import { KeySet } from '#shared/pattern/key-set.ts';
import { LOOKUP_NAME } from '#shared/pattern/parse-lookup.ts';
import type { LookupTables } from '#shared/rule/bind-lookups.ts';

/** The bytes of a table and what they are: CSV by its ending, JSON otherwise. */
export function readLookupFile(file: string): { bytes: Uint8Array; csv: boolean } {
  return { bytes: readFileSync(file), csv: extname(file).toLowerCase() === '.csv' };
}

/**
 * The lookup tables of a folder, each `name.json` or `name.csv` (keys in the first column) by its name.
 * Throws an Error that names the file.
 */
export function readLookupFolder(folder: string): LookupTables {
  const tables = new Map<string, KeySet>();
  for (const entry of readdirSync(folder).sort()) {
    if (!/\.(?:json|csv)$/i.test(entry)) continue;
    const file = join(folder, entry);
    const name = basename(entry, extname(entry));
    if (!LOOKUP_NAME.test(name))
      throw new Error(`${file}: a table's name has small letters, digits and dashes`);
    if (tables.has(name)) throw new Error(`${file}: there is another file for "${name}"`);
    const { bytes, csv } = readLookupFile(file);
    try {
      tables.set(name, new KeySet(name, readKeys(bytes, { csv })));
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
    }
  }
  return tables;
}
