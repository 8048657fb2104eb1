import { SentryError } from '#shared/kernel/error.ts';
import { digestId } from '#shared/kernel/id.ts';
import type { Lookup, LookupHead } from '#shared/lookup/schema.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { commitConfig, readConfig } from './dynamo-config-commit.ts';
import { queryRows } from './dynamo-query.ts';

/** Text of keys in one row; a row has at most 400 KB in UTF-8, of which a character here takes up to 3. */
const ROW_CHARS = 100_000;
/** Reads of a table that is replaced meanwhile; its rows of one version stand until the version after the next. */
const READS_MAX = 5;

const partition = (tenant: string) => `T#${tenant}#LOOKUPS`;
const headKey = (tenant: string, name: string) => ({ pk: partition(tenant), sk: `HEAD#${name}` });
/** Versions take turns on two sets of rows: nothing is left behind, and the former one stays readable. */
const rowsPrefix = (name: string, version: number) => `KEYS#${name}#${version % 2}#`;

/** Lookup tables in the table `config`; journal, outbox and the rule set's pointer in the same transaction. */
export function createDynamoLookupStore(access: DynamoAccess): LookupStore {
  const { tables } = access;

  /** The rows of one version in order, those of others left out. */
  async function readRows(tenant: string, { name, version }: LookupHead): Promise<string[]> {
    const texts: string[] = [];
    for await (const item of queryRows(access, {
      TableName: tables.config,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': partition(tenant), ':prefix': rowsPrefix(name, version) },
      ConsistentRead: true,
    }))
      if (item['version'] === version) texts.push(String(item['body']));
    return texts;
  }

  return {
    async list(tenant) {
      const heads: LookupHead[] = [];
      for await (const item of queryRows(access, {
        TableName: tables.config,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': partition(tenant), ':prefix': 'HEAD#' },
        ConsistentRead: true,
      }))
        heads.push(headOf(item));
      return heads;
    },
    async get(tenant, name) {
      for (let read = 0; read < READS_MAX; read++) {
        const item = await readConfig(access, headKey(tenant, name));
        if (item === undefined) return undefined;
        const head = headOf(item);
        const texts = await readRows(tenant, head);
        if (texts.length === item['rows'])
          return { ...head, keys: texts.flatMap((text) => JSON.parse(text) as string[]) };
      }
      throw new SentryError('unavailable', `The lookup table "${name}" is being replaced.`);
    },
    save(tenant, { lookup, expected, journal, outbox }) {
      const { keys, ...head } = lookup;
      const { name, version } = head;
      const texts = rowTexts(keys);
      const body = JSON.stringify(head);
      const digest = digestId(body, ...texts);
      const rows = texts.map((text, row) => ({
        pk: partition(tenant),
        sk: `${rowsPrefix(name, version)}${String(row).padStart(3, '0')}`,
        version,
        body: text,
      }));
      return commitConfig(access, {
        head: { ...headKey(tenant, name), version, rows: texts.length, digest, body },
        expected,
        isOurs: (stored) => stored['digest'] === digest,
        show: headOf,
        noun: 'this lookup table',
        others: rows.map((item) => ({ item, isNew: false })),
        ruleSetOf: tenant,
        journal,
        outbox,
      });
    },
  };
}

function headOf(item: Item): LookupHead {
  return JSON.parse(String(item['body'])) as LookupHead;
}

/** The keys as JSON lists of bounded length. As text, so that a key may hold anything. */
function rowTexts(keys: Lookup['keys']): string[] {
  const rows: string[][] = [];
  let chars = ROW_CHARS;
  for (const key of keys) {
    const length = JSON.stringify(key).length + 1;
    if (chars + length > ROW_CHARS) {
      rows.push([]);
      chars = 0;
    }
    rows.at(-1)!.push(key);
    chars += length;
  }
  return rows.map((row) => JSON.stringify(row));
}
