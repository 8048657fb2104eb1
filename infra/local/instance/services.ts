import { join } from 'node:path';
import type { LocalClock } from '#infra/local/clock.ts';
import { createDynamoDb, type LocalDynamoDb } from '#infra/local/dynamodb/service.ts';
import { createEventBridge, type EventBridge } from '#infra/local/eventbridge/eventbridge.ts';
import type { ServiceName } from '#infra/local/gateway/service-name.ts';
import { createKinesis, type KinesisService } from '#infra/local/kinesis/service.ts';
import { createOutbox, type Outbox } from '#infra/local/outbox/outbox.ts';
import { createS3, type S3 } from '#infra/local/s3/s3.ts';
import type { AwsService, Invoker } from '#infra/local/service.ts';
import { createSns, type Sns } from '#infra/local/sns/sns.ts';
import { createSqs, type Sqs } from '#infra/local/sqs/sqs.ts';
import { createSsm, type Ssm } from '#infra/local/ssm/ssm.ts';
import { createSts } from '#infra/local/sts/sts.ts';

/** Every emulated AWS service of one instance, by its SigV4 name. */
export interface Services extends Record<ServiceName, AwsService> {
  kinesis: KinesisService;
  dynamodb: LocalDynamoDb;
  events: EventBridge;
  sns: Sns;
  sqs: Sqs;
  s3: S3;
  ssm: Ssm;
}

/** Opens the services on their files under `home`; `close` ends them in the order of dependence. */
export function openServices(parts: { home: string; clock: LocalClock; invoker: Invoker }): {
  services: Services;
  outbox: Outbox;
  close(): Promise<void>;
} {
  const { clock, invoker } = parts;
  const file = (name: string) => join(parts.home, `${name}.sqlite`);
  const outbox = createOutbox({ file: file('outbox'), clock });
  const sqs = createSqs({ file: file('sqs'), clock });
  const services: Services = {
    kinesis: createKinesis({ file: file('kinesis'), clock }),
    dynamodb: createDynamoDb({ file: file('dynamodb'), clock }),
    events: createEventBridge({ file: file('events'), clock, invoker, sqs }),
    sns: createSns({ file: file('sns'), clock, outbox, sqs }),
    sqs,
    s3: createS3({ directory: join(parts.home, 's3'), clock }),
    ssm: createSsm({ file: file('ssm'), clock }),
    sts: createSts({ clock }),
  };
  const { events, sns, ...rest } = services;
  return {
    services,
    outbox,
    async close() {
      await events.close();
      await sns.close();
      await Promise.all(Object.values(rest).map((service) => service.close()));
      await outbox.close();
    },
  };
}
