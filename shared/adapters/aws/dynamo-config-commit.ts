import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

import type { JournalEntry, OutboxRow } from '#shared/audit/schema.ts';
import { SentryError } from '#shared/kernel/error.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { entryItem, outboxItem } from './dynamo-journal-items.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';

/** Several rows of the table `config` and what is told about them. */
export interface ConfigCommit {
  /** The row that decides who was first. */
  head: Item;
  /** The version that stands there now; 0 for "it must be absent". */
  expected: number;
  /** Whether a head that stands there is the one of this commit, whose answer was lost. */
  isOurs: (head: Item) => boolean;
  /** What a `conflict` shows of the head that stands there. */
  show: (head: Item) => unknown;
  /** What the head is called in the words of a conflict: `this rule`. */
  noun: string;
  others: readonly { item: Item; isNew: boolean }[];
  /** Also moves the tenant's rule set to its next revision. */
  ruleSetOf?: string;
  journal: readonly JournalEntry[];
  outbox: readonly OutboxRow[];
}

/** Moves with everything that rules are compiled of. */
export const ruleSetPointerKey = (tenant: string) => ({
  pk: `T#${tenant}#RULESET`,
  sk: 'POINTER',
});

const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };

/** A row of the table `config`, strongly consistent. */
export async function readConfig(access: DynamoAccess, key: Item): Promise<Item | undefined> {
  const command = new GetCommand({
    TableName: access.tables.config,
    Key: key,
    ConsistentRead: true,
  });
  return (await sendPatiently(access, () => access.client.send(command))).Item;
}

/**
 * Writes all of it in one transaction or nothing. Throws `conflict` with what stands there as
 * `current` unless the head stands at `expected`, `unavailable` on throttling or network faults.
 */
export async function commitConfig(access: DynamoAccess, commit: ConfigCommit): Promise<void> {
  const { client, tables } = access;
  const { head, expected, noun } = commit;
  const put = (TableName: string, item: Item, condition: object = {}) => ({
    Put: { TableName, Item: item, ...condition },
  });
  const command = new TransactWriteCommand({
    TransactItems: [
      put(tables.config, head, expected === 0 ? ABSENT : versionIs(expected)),
      ...commit.others.map(({ item, isNew }) => put(tables.config, item, isNew ? ABSENT : {})),
      ...(commit.ruleSetOf === undefined ? [] : [moveRuleSet(tables.config, commit.ruleSetOf)]),
      ...commit.journal.map((entry) => put(tables.journal, entryItem(entry), ABSENT)),
      ...commit.outbox.map((row) => put(tables.journal, outboxItem(row), ABSENT)),
    ],
  });
  try {
    await sendPatiently(access, () => client.send(command));
  } catch (cause) {
    if (judge(cause).kind !== 'lost') throw cause;
    const stored = await readConfig(access, { pk: head['pk'], sk: head['sk'] });
    // The answer to our own write was lost and it was sent again.
    if (stored !== undefined && commit.isOurs(stored)) return;
    throw new SentryError('conflict', `Someone else changed ${noun} meanwhile.`, {
      current: stored && commit.show(stored),
      cause,
    });
  }
}

function versionIs(expected: number): object {
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': expected },
  };
}

function moveRuleSet(TableName: string, tenant: string) {
  return {
    Update: {
      TableName,
      Key: ruleSetPointerKey(tenant),
      UpdateExpression: 'ADD revision :one',
      ExpressionAttributeValues: { ':one': 1 },
    },
  };
}
