import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

import { TABLES, type TableDefinition, type TableName } from '#infra/topology.ts';

/** The five tables: on demand, encrypted, recoverable to any second of 35 days, kept when the stack goes. */
export class Tables extends Construct {
  readonly byName: Readonly<Record<TableName, Table>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const names = Object.keys(TABLES) as TableName[];
    this.byName = Object.fromEntries(
      names.map((name) => [name, this.#make(name, TABLES[name])]),
    ) as Record<TableName, Table>;
  }

  #make(name: TableName, definition: TableDefinition): Table {
    const table = new Table(this, pascal(name), {
      tableName: definition.name,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Kept, but for a first deploy that rolls back: its names must be free for the next one.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(definition.ttlAttribute && { timeToLiveAttribute: definition.ttlAttribute }),
      ...(definition.stream && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    });
    for (const index of definition.indexes)
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    return table;
  }
}

/** `notify-slack` → `NotifySlack`, for construct ids. */
export function pascal(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase());
}
