import { parseArgs } from 'node:util';

import type { Lookup, LookupHead } from '#shared/lookup/schema.ts';

import { type ApiTarget, callApi, sendBytes } from './local-api.ts';
import { readLookupFile } from './lookup-file.ts';

const HELP = `sentry lookups: lookup tables that rules name as {"lookup": "NAME"}

  npx sentry lookups put NAME FILE  makes or replaces it: a JSON array of keys, a JSON object whose names they
                                    are, or .csv with a row of names first  [--column NAME] [--reason TEXT]
                                    [--description TEXT]
  npx sentry lookups list           all tables
  npx sentry lookups show NAME      one table's keys, a line each
  npx sentry lookups rm NAME        takes it away, unless a rule names it  [--reason TEXT]

With --url an instance elsewhere is asked; its access token is taken from SENTRY_TOKEN.`;

const LOOKUPS = '/v1/lookups';

/** The verbs over lookup tables. Throws an Error that says what to do. */
export async function lookups(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      user: { type: 'string', default: 'ruth' },
      url: { type: 'string' },
      column: { type: 'string' },
      reason: { type: 'string' },
      description: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [verb, name, file] = positionals;
  const target = { user: values.user, url: values.url };
  if (values.help || verb === undefined) return console.log(HELP);
  if (verb === 'list') return list(target);
  if (name === undefined) throw new Error(`Which table?\n\n${HELP}`);
  const path = `${LOOKUPS}/${encodeURIComponent(name)}`;
  if (verb === 'show') return show(target, path);
  if (verb === 'rm') return remove(target, path, values.reason);
  if (verb === 'put' && file !== undefined)
    return put(target, path, file, {
      column: values.column,
      reason: values.reason,
      description: values.description,
    });
  throw new Error(verb === 'put' ? `Which file?\n\n${HELP}` : `There is no "lookups ${verb}".`);
}

async function list(target: ApiTarget): Promise<void> {
  const { items } = (await callApi(target, 'GET', LOOKUPS)) as { items: LookupHead[] };
  for (const head of items) console.log(lineOf(head));
  if (items.length === 0) console.log('no lookup tables');
}

async function show(target: ApiTarget, path: string): Promise<void> {
  const { keys } = (await callApi(target, 'GET', path)) as Lookup;
  process.stdout.write(keys.map((key) => `${key}\n`).join(''));
}

async function remove(target: ApiTarget, path: string, reason: string | undefined): Promise<void> {
  const head = (await callApi(target, 'DELETE', path, { reason })) as LookupHead;
  console.log(`${head.name} is taken away`);
}

async function put(
  target: ApiTarget,
  path: string,
  file: string,
  told: Record<string, string | undefined>,
): Promise<void> {
  const { bytes, csv } = readLookupFile(file);
  const given = Object.entries(told).filter((entry): entry is [string, string] => !!entry[1]);
  const query = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
  const type = csv ? 'text/csv' : 'application/json';
  const head = await sendBytes(target, 'PUT', `${path}${query}`, { type, bytes });
  console.log(lineOf(head as LookupHead));
}

function lineOf({ name, size, version, updated_at, author, description }: LookupHead): string {
  const keys = `${size.toLocaleString('en')} key${size === 1 ? '' : 's'}`;
  return `${name.padEnd(24)} ${keys.padStart(12)}  version ${version}, ${updated_at} by ${author}  ${description}`.trimEnd();
}
