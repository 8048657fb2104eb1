import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

import { TOUCH_KEPT_MS } from '#shared/alert/retention.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Change, Commit } from '#shared/ports/work-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { judge, sendPatiently } from './dynamo-patience.ts';
import { incidentItem, incidentPointerItem } from './dynamo-incident-items.ts';
import { entryItem, outboxItem } from './dynamo-journal-items.ts';
import { seenItem, seriesItem } from './dynamo-state-items.ts';
import { alertGroupItem } from './dynamo-alert-group-items.ts';
import { alertItem, alertOf, deliveryItem, pointerItem, timerItem } from './dynamo-work-items.ts';
import { keys } from './dynamo-work-keys.ts';

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Absent, or past its TTL and only not deleted yet. */
const ABSENT = 'attribute_not_exists(pk) OR expires_at <= :now';
const SAME = 'revision = :expected';

/** One TransactWriteItems over all tables of the commit; see WorkStore.commit for what it throws. */
export async function commitRows(access: DynamoAccess, commit: Commit): Promise<void> {
  const now = access.now();
  const TransactItems: Action[] = [
    ...commit.changes.map((change) => actionOf(access, change, now)),
    ...commit.journal.map((entry) => append(access.tables.journal, entryItem(entry))),
    ...commit.outbox.map((row) => append(access.tables.journal, outboxItem(row))),
  ];
  if (TransactItems.length === 0) return;
  if (TransactItems.length > 100)
    throw new SentryError(
      'invalid_input',
      `A commit holds at most 100 rows, not ${TransactItems.length}.`,
    );
  try {
    await sendPatiently(access, () =>
      access.client.send(new TransactWriteCommand({ TransactItems })),
    );
  } catch (error) {
    const verdict = judge(error);
    if (verdict.kind === 'refused')
      throw new SentryError('invalid_input', `The rows cannot be stored: ${verdict.detail}`, {
        cause: error,
      });
    if (verdict.kind !== 'lost') throw error;
    const isAlert = commit.changes[verdict.index]?.kind === 'alert' && verdict.item;
    throw new SentryError('conflict', 'Someone else changed this meanwhile.', {
      ...(isAlert && { current: alertOf(scalarsOf(verdict.item!)) }),
      cause: error,
    });
  }
}

/** The items of an exception come as they are on the wire; an alert's attributes are all scalars. */
function scalarsOf(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item as Record<string, { S?: string; N?: string; BOOL?: boolean }>).map(
      ([name, { S, N, BOOL }]) => [name, N === undefined ? (S ?? BOOL) : Number(N)],
    ),
  );
}

function actionOf(access: DynamoAccess, change: Change, now: number): Action {
  const { tables } = access;
  switch (change.kind) {
    case 'touch':
      return {
        Put: {
          TableName: tables.live,
          Item: {
            ...keys.touch(change.row.tenant, change.row.alert_id),
            alert_json: JSON.stringify(change.row),
            expires_at: Math.floor((now + TOUCH_KEPT_MS) / 1000),
          },
        },
      };
    case 'timer.delete':
      return {
        Delete: {
          TableName: tables.work,
          Key: keys.timer(change.row.tenant, change.row.alert_id, change.row.kind, change.row.step),
          ConditionExpression: SAME,
          ExpressionAttributeValues: { ':expected': change.expected },
        },
      };
    case 'alert':
      return {
        Put: {
          ...put(tables.work, alertItem(change.row), change.expected, now),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      };
    case 'pointer':
      return { Put: put(tables.work, pointerItem(change.row), change.expected, now) };
    case 'incident':
      return { Put: put(tables.work, incidentItem(change.row), change.expected, now) };
    case 'incident.pointer':
      return { Put: put(tables.work, incidentPointerItem(change.row), change.expected, now) };
    case 'alert.group':
      return { Put: put(tables.work, alertGroupItem(change.row), change.expected, now) };
    case 'delivery':
      return { Put: put(tables.work, deliveryItem(change.row), change.expected, now) };
    case 'timer':
      return { Put: put(tables.work, timerItem(change.row), change.expected, now) };
    case 'series':
      return { Put: put(tables.state, seriesItem(change.row), change.expected, now) };
    case 'seen':
      break;
  }
  return { Put: put(tables.state, seenItem(change.row, now), change.expected, now) };
}

function put(table: string, item: Item, expected: number, now: number) {
  return {
    TableName: table,
    Item: item,
    ConditionExpression: expected === 0 ? ABSENT : SAME,
    ExpressionAttributeValues:
      expected === 0 ? { ':now': Math.floor(now / 1000) } : { ':expected': expected },
  };
}

/** A journal only grows: what is there is never replaced. */
function append(table: string, item: Item): Action {
  return {
    Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
  };
}
