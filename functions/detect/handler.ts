import type { KinesisStreamEvent } from 'aws-lambda';

import { withStack } from '#functions/_runtime/stack.ts';
import { systemContext } from '#functions/_runtime/system-context.ts';

import { detect } from './detect.ts';
import { detectPorts } from './ports.ts';

export const handler = withStack((event: KinesisStreamEvent) =>
  detect(event, detectPorts(), systemContext('detect', '')),
);
