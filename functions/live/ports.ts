import type { ApiPorts } from '#functions/api/ports.ts';
import type { Clock } from '#shared/kernel/context.ts';
import type { LivePush } from '#shared/ports/live-push.ts';

import type { RateLimit } from './rate-limit.ts';

/** What the function needs from outside. */
export interface LiveFunctionPorts extends Clock {
  api: ApiPorts;
  push: LivePush;
  rate: RateLimit;
  newId(): string;
  /** Told of every fault of ours, with what its caller was told. */
  warn(what: string, detail: Record<string, unknown>): void;
}

/** What API Gateway answers the viewer with; a `body` is the route response. */
export interface LiveAnswer {
  statusCode: number;
  body?: string;
}
