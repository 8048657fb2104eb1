import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import type { Clock } from '#shared/kernel/context.ts';

/** What every DynamoDB adapter is given: the client, the tables' names, and time and chance from outside. */
export interface DynamoAccess extends Clock {
  client: DynamoDBDocumentClient;
  tables: { work: string; journal: string; config: string; state: string; live: string };
  sleep(delayMs: number): Promise<void>;
  /** 0 ≤ x < 1, for jitter. */
  random(): number;
}

/** A row as the document client reads it. */
export type Item = Record<string, unknown>;
