import type { KinesisStreamEvent } from 'aws-lambda';

import { withStreamStack } from '#functions/_runtime/stream-stack.ts';
import { systemContext } from '#functions/_runtime/system-context.ts';

import { detect } from './detect.ts';
import { detectPorts } from './ports.ts';

export const handler = withStreamStack((event: KinesisStreamEvent) =>
  detect(event, detectPorts(), systemContext('detect', '')),
);
