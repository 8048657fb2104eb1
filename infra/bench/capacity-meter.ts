import type { AwsService } from '#infra/local/service.ts';

/** Units that one call consumed of one table, and of its indexes. */
export interface Consumed {
  operation: string;
  /** `sort key's first part` of every row the call names, e.g. `ALERT`, `DELIVERY`; keys only. */
  rows: ReadonlySet<string>;
  table: string;
  units: number;
  ofIndexes: number;
}

interface Capacity {
  TableName: string;
  CapacityUnits: number;
  Table?: { CapacityUnits: number };
}

const METERED = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
]);

/**
 * Has every call that writes say what it consumed, as the SDK's option does, and tells `take`; returns
 * the way to stop. Calls that fail are not in it.
 */
export function meterWrites(service: AwsService, take: (consumed: Consumed) => void): () => void {
  const handle = service.handle.bind(service);
  service.handle = async (request) => {
    const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    if (!METERED.has(operation)) return handle(request);
    const body = JSON.parse(request.body.toString('utf8')) as object;
    const asking = { ...body, ReturnConsumedCapacity: 'INDEXES' };
    const answer = await handle({ ...request, body: Buffer.from(JSON.stringify(asking)) });
    if (answer.status !== 200) return answer;
    const { ConsumedCapacity: said = [] } = JSON.parse(answer.body.toString('utf8')) as {
      ConsumedCapacity?: Capacity | Capacity[];
    };
    const rows = rowsOf(body);
    for (const { TableName, CapacityUnits, Table } of [said].flat())
      take({
        operation,
        rows,
        table: TableName,
        units: CapacityUnits,
        ofIndexes: CapacityUnits - (Table?.CapacityUnits ?? CapacityUnits),
      });
    return answer;
  };
  return () => {
    service.handle = handle;
  };
}

/** The kinds of the rows that a request names, wherever in it: what stands in `sk` before `#`. */
function rowsOf(body: object): Set<string> {
  const kinds = new Set<string>();
  JSON.stringify(body, (name, value: unknown) => {
    if (name === 'sk') kinds.add(((value as { S?: string }).S ?? '').split('#')[0]!);
    return value;
  });
  return kinds;
}
