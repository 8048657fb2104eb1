import { jsonDepthExceeds } from '#shared/event/json-depth.ts';
import { SentryError } from '#shared/kernel/error.ts';

import { readCsv } from './read-csv.ts';
import { KEY_CHARS_MAX, LOOKUP_BYTES_MAX, LOOKUP_KEYS_MAX } from './schema.ts';

/** What the bytes of a table are. */
export interface TableFormat {
  csv: boolean;
  /** CSV: the column that has the keys, by its name in the first row; the first column unless told. */
  column?: string | undefined;
}

/** Largest keys as they are kept, in bytes of JSON: control characters take six there. One commit has 4 MB. */
const KEPT_BYTES_MAX = 2 * LOOKUP_BYTES_MAX;
/** Values below the keys of an object are not read; so deep they may be. */
const DEPTH_MAX = 32;

/**
 * The keys of a table: the strings and numbers of a JSON array, the names of a JSON object, or a column
 * of a CSV file with a row of names first. Sorted, none twice. Throws `too_large` and `invalid_input`
 * that says what is wrong where.
 */
export function readKeys(bytes: Uint8Array, format: TableFormat): string[] {
  if (bytes.length > LOOKUP_BYTES_MAX)
    throw new SentryError('too_large', `A lookup table has at most ${LOOKUP_BYTES_MAX} bytes.`);
  const found = format.csv ? csvKeys(textOf(bytes), format.column) : jsonKeys(bytes);
  const keys = [...new Set(found)].sort();
  if (keys.length === 0) throw refusal('', 'A lookup table has at least one key.');
  if (keys.length > LOOKUP_KEYS_MAX)
    throw refusal('', `A lookup table has at most ${LOOKUP_KEYS_MAX} keys, not ${keys.length}.`);
  if (Buffer.byteLength(JSON.stringify(keys)) > KEPT_BYTES_MAX)
    throw new SentryError('too_large', 'The keys have too many control characters to be kept.');
  return keys;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SentryError('invalid_input', 'The table is not text in UTF-8.', { cause });
  }
}

function jsonKeys(bytes: Uint8Array): string[] {
  const value = parsed(bytes);
  if (Array.isArray(value)) return value.map((key, index) => checked(key, `[${index}]`));
  if (typeof value !== 'object' || value === null)
    throw refusal('', 'A table is a JSON array of keys, or an object whose names are the keys.');
  return Object.keys(value).map((key, index) => checked(key, `name ${index + 1}`));
}

function parsed(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  if (jsonDepthExceeds(bytes, DEPTH_MAX))
    throw refusal('', `The table nests deeper than ${DEPTH_MAX}.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SentryError('invalid_input', 'The table is not JSON; is it text/csv?', { cause });
  }
}

function csvKeys(text: string, column: string | undefined): string[] {
  const [names, ...rows] = rowsOf(text);
  if (names === undefined) return [];
  const at = column === undefined ? 0 : names.indexOf(column);
  if (at < 0) throw refusal('column', `There is no column "${column}"; there is ${list(names)}.`);
  return rows.map((row, index) => checked(row[at] ?? '', `row ${index + 2}`));
}

function rowsOf(text: string): string[][] {
  try {
    return readCsv(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusal('', `The CSV cannot be read: ${error.message}.`);
  }
}

function checked(key: unknown, at: string): string {
  const text = typeof key === 'number' ? String(key) : key;
  if (typeof text !== 'string') throw refusal(at, `At ${at}: a key is a string or a number.`);
  if (text === '') throw refusal(at, `At ${at}: a key is not empty.`);
  if (text.length > KEY_CHARS_MAX)
    throw refusal(at, `At ${at}: a key has at most ${KEY_CHARS_MAX} characters.`);
  return text;
}

function list(names: readonly string[]): string {
  return names
    .slice(0, 20)
    .map((name) => `"${name.slice(0, 64)}"`)
    .join(', ');
}

function refusal(path: string, message: string): SentryError {
  return new SentryError('invalid_input', message, { issues: [{ path, message }] });
}
