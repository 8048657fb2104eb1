import { once, s3 } from '#functions/_runtime/client.ts';
import { readEnvironment } from '#functions/_runtime/environment.ts';
import { signingKey } from '#functions/_runtime/signing-key.ts';
import { withStreamStack } from '#functions/_runtime/stream-stack.ts';
import { createS3EventArchive } from '#shared/adapters/aws/s3-event-archive.ts';
import type { KinesisStreamEvent } from 'aws-lambda';

import { archive } from './archive.ts';

const ports = once(() => ({
  archive: createS3EventArchive(s3(), readEnvironment().SENTRY_STORE_BUCKET),
  signingKey,
  defaultTenant: readEnvironment().SENTRY_DEFAULT_TENANT,
}));
export const handler = withStreamStack((event: KinesisStreamEvent) => archive(event, ports()));
