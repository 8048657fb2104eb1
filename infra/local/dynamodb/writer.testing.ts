import { LocalClock } from '#infra/local/clock.ts';
import { createDynamoDb } from './service.ts';

/**
 * Child process of kill.test.ts: commits transactions one after another from `first` on and prints
 * each number once it was answered, until it is killed.
 * Arguments: file, first number.
 */
const [file, first] = process.argv.slice(2);
const db = createDynamoDb({ file: file!, clock: new LocalClock() });

function transaction(number: number): object {
  const TableName = 'work';
  const mark = { N: String(number) };
  const body = { S: 'x'.repeat(2000) };
  return {
    TransactItems: [
      ...['0', '1', '2', '3'].map((sk) => ({
        Put: {
          TableName,
          Item: {
            pk: { S: `T#${number}` },
            sk: { S: sk },
            due_shard: { S: 'D#0' },
            due_at: { S: String(number).padStart(9, '0') },
            mark,
            body,
          },
        },
      })),
      {
        Update: {
          TableName,
          Key: { pk: { S: 'COUNTER' }, sk: { S: '0' } },
          UpdateExpression: 'SET mark = :mark',
          ConditionExpression: 'attribute_not_exists(mark) OR mark < :mark',
          ExpressionAttributeValues: { ':mark': mark },
        },
      },
      {
        Delete: { TableName, Key: { pk: { S: `T#${number - 5}` }, sk: { S: '3' } } },
      },
    ],
  };
}

for (let number = Number(first); ; number++) {
  const { status, body } = await db.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': 'DynamoDB_20120810.TransactWriteItems' },
    body: Buffer.from(JSON.stringify(transaction(number))),
    region: 'us-east-1',
  });
  if (status !== 200) throw new Error(String(body));
  process.stdout.write(`${number}\n`);
}
