import { createRequire } from 'node:module';
import { Agent, request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalClock } from '#infra/local/clock.ts';
import { startConformanceServer } from '#infra/local/conformance-server.ts';
import { tableInput } from './conformance.ts';
import { createDynamoDb } from './service.ts';

/**
 * The local DynamoDB beside dynalite's own LevelDB store, both on disk, both over one kept-alive
 * socket, with 10,000 items in another table. Run: `node infra/local/dynamodb/dynamodb.bench.ts`.
 */
type Call = (operation: string, body: object) => Promise<unknown>;

const OTHER_ITEMS = 10_000;
const PARTITIONS = 500;
const require = createRequire(import.meta.url);
const createDynalite = require('dynalite') as (options: object) => Server;

function overHttp(port: number): Call {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (operation, body) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = {
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(text),
        'x-amz-date': '20260101T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=f',
      };
      const options = { host: '127.0.0.1', port, method: 'POST', agent, headers };
      const outgoing = httpRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(answer));
          else reject(new Error(`${operation}: ${answer}`));
        });
      });
      outgoing.on('error', reject).end(text);
    });
}

function item(number: number): Record<string, object> {
  return {
    pk: { S: `T#default#A#${number % PARTITIONS}` },
    sk: { S: `ALERT#${number}` },
    due_shard: { S: `D#${number % 16}` },
    due_at: { S: String(number).padStart(9, '0') },
    revision: { N: String(number) },
    body: { S: 'x'.repeat(600) },
    labels: { M: { env: { S: 'prod' }, region: { S: 'eu' } } },
  };
}

async function measure(name: string, count: number, run: (n: number) => Promise<unknown>) {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const started = performance.now();
    await run(n);
    times.push((performance.now() - started) * 1000);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(count * share)]!);
  console.log(`${name.padEnd(44)} p50 ${at(0.5)} µs, p99 ${at(0.99)} µs`);
}

async function benchStore(name: string, call: Call, full: boolean): Promise<void> {
  for (const table of ['other', 'work', 'journal']) {
    const { StreamSpecification, ...plain } = tableInput(table);
    const streamed = full && table === 'journal';
    await call('CreateTable', streamed ? { ...plain, StreamSpecification } : plain);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let n = 0; n < OTHER_ITEMS; n += 25) {
    const puts = Array.from({ length: 25 }, (_, k) => ({ PutRequest: { Item: item(n + k) } }));
    await call('BatchWriteItem', { RequestItems: { other: puts } });
  }
  const work = { TableName: 'work' };
  const put = (n: number) => call('PutItem', { ...work, Item: item(n) });
  for (let n = 0; n < 300; n++) await put(n + 1_000_000);
  await measure(`${name}: put, one index`, 2000, put);
  await measure(`${name}: conditional update`, 2000, (n) =>
    call('UpdateItem', {
      ...work,
      Key: { pk: item(n)['pk'], sk: item(n)['sk'] },
      UpdateExpression: 'SET touched = :t REMOVE due_at',
      ConditionExpression: 'attribute_exists(pk) AND revision = :r',
      ExpressionAttributeValues: { ':t': { S: `at ${n}` }, ':r': { N: String(n) } },
    }),
  );
  await measure(`${name}: query 20 of a partition`, 300, (n) =>
    call('Query', {
      TableName: 'other',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': item(n)['pk'] },
    }),
  );
  await measure(`${name}: query 25 of an index`, 300, (n) =>
    call('Query', {
      TableName: 'other',
      IndexName: 'due',
      KeyConditionExpression: 'due_shard = :p AND due_at <= :n',
      ExpressionAttributeValues: { ':p': item(n)['due_shard'], ':n': { S: '9' } },
      Limit: 25,
    }),
  );
  if (!full) return;
  const fresh = (table: string, pk: string, n: number) => ({
    Put: {
      TableName: table,
      Item: { ...item(n), pk: { S: `${pk}${n}` } },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });
  await measure(`${name}: transaction of 6, two streamed`, 2000, (n) =>
    call('TransactWriteItems', {
      ClientRequestToken: `token-${n}`,
      TransactItems: [
        ...['alert', 'delivery', 'timer'].map((pk) => fresh('work', pk, n)),
        ...['entry', 'OUTBOX#'].map((pk) => fresh('journal', pk, n)),
        {
          Update: {
            ...work,
            Key: { pk: { S: `pointer${n % 100}` }, sk: { S: 'POINTER' } },
            UpdateExpression: 'SET revision = if_not_exists(revision, :zero) + :one',
            ExpressionAttributeValues: { ':zero': { N: '0' }, ':one': { N: '1' } },
          },
        },
      ],
    }),
  );
}

const directory = mkdtempSync(join(tmpdir(), 'sentry-bench-'));
const db = createDynamoDb({ file: join(directory, 'own.sqlite'), clock: new LocalClock() });
const own = await startConformanceServer((request) => db.handle(request));
await benchStore('SQLite', overHttp(Number(new URL(own.url).port)), true);
const dynalite = createDynalite({ path: join(directory, 'level'), createTableMs: 0 });
await new Promise<void>((resolve) => dynalite.listen(0, '127.0.0.1', resolve));
await benchStore('dynalite', overHttp((dynalite.address() as AddressInfo).port), false);
await own.close();
rmSync(directory, { recursive: true, force: true });
process.exit(0);
