import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

import { SentryError } from '#shared/kernel/error.ts';
import { digestId } from '#shared/kernel/id.ts';
import type { Lookup, LookupHead } from '#shared/lookup/schema.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { entryItem, outboxItem } from './dynamo-journal-items.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { queryRows } from './dynamo-query.ts';
import { ruleSetPointerKey } from './dynamo-rule-store.ts';

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
  const { client, tables } = access;

  async function readHead(tenant: string, name: string): Promise<Item | undefined> {
    const command = new GetCommand({
      TableName: tables.config,
      Key: headKey(tenant, name),
      ConsistentRead: true,
    });
    return (await sendPatiently(access, () => client.send(command))).Item;
  }

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
        const item = await readHead(tenant, name);
        if (item === undefined) return undefined;
        const head = headOf(item);
        const texts = await readRows(tenant, head);
        if (texts.length === item['rows'])
          return { ...head, keys: texts.flatMap((text) => JSON.parse(text) as string[]) };
      }
      throw new SentryError('unavailable', `The lookup table "${name}" is being replaced.`);
    },
    async save(tenant, { lookup, expected, journal, outbox }) {
      const { keys, ...head } = lookup;
      const texts = rowTexts(keys);
      const put = (Item: Item, condition: object = {}) => ({
        Put: { TableName: tables.config, Item, ...condition },
      });
      const append = (Item: Item) => ({
        Put: {
          TableName: tables.journal,
          Item,
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      });
      const body = JSON.stringify(head);
      const digest = digestId(body, ...texts);
      const command = new TransactWriteCommand({
        TransactItems: [
          put(
            {
              ...headKey(tenant, head.name),
              version: head.version,
              rows: texts.length,
              digest,
              body,
            },
            expectedVersion(expected),
          ),
          ...texts.map((text, row) =>
            put({
              pk: partition(tenant),
              sk: `${rowsPrefix(head.name, head.version)}${String(row).padStart(3, '0')}`,
              version: head.version,
              body: text,
            }),
          ),
          {
            Update: {
              TableName: tables.config,
              Key: ruleSetPointerKey(tenant),
              UpdateExpression: 'ADD revision :one',
              ExpressionAttributeValues: { ':one': 1 },
            },
          },
          ...journal.map((entry) => append(entryItem(entry))),
          ...outbox.map((row) => append(outboxItem(row))),
        ],
      });
      try {
        await sendPatiently(access, () => client.send(command));
      } catch (error) {
        if (judge(error).kind !== 'lost') throw error;
        const current = await readHead(tenant, head.name);
        // The answer to our own write was lost and it was sent again.
        if (current?.['digest'] === digest) return;
        throw new SentryError('conflict', 'Someone else changed this lookup table meanwhile.', {
          current: current && headOf(current),
          cause: error,
        });
      }
    },
  };
}

function headOf(item: Item): LookupHead {
  return JSON.parse(String(item['body'])) as LookupHead;
}

function expectedVersion(expected: number): object {
  if (expected === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': expected },
  };
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
