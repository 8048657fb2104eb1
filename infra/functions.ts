import type { QueueName, TableName } from './topology.ts';

/** One permission: what a role may do with one resource. The CDK turns it into the narrowest statement. */
export type Grant =
  | `table:${TableName}:read`
  | `table:${TableName}:write`
  /** Put rows; nobody may change or delete one. */
  | 'table:journal:append'
  /** Delete `OUTBOX#` rows once they are on the bus. */
  | 'table:journal:clear'
  | 'stream:put'
  | 'stream:read'
  | 'store:archive:write'
  | 'store:archive:read'
  | 'store:archive:list'
  | 'store:quarantine:write'
  | 'store:quarantine:read'
  | 'store:failures:write'
  | 'bus:put'
  | 'topic:publish'
  | `queue:${QueueName}:send`
  | `queue:${QueueName}:receive`
  | 'live:push'
  /** The key that signs tenants and cursors. */
  | 'secret:signing-key:read'
  /** What channels need to be let in by their receivers. */
  | 'secret:channel:read'
  /** What receivers sign their webhooks with. */
  | 'secret:hook:read';

export interface FunctionDefinition {
  /** Folder under `functions/`. */
  folder: string;
  memoryMb: number;
  timeoutSeconds: number;
  grants: readonly Grant[];
  /** Which local worker process runs it: streams must never delay a person's request, nor long runs either. */
  worker: 'stream' | 'request' | 'batch';
}

/** What most functions need: they wait for the network, they do not compute. */
const SMALL = { memoryMb: 512, timeoutSeconds: 60, worker: 'request' } as const;

/** What every notifier may do; each adds the way out of its channel. */
const NOTIFIER = [
  'table:work:read',
  'table:work:write',
  'table:journal:append',
  'table:config:read',
  'table:state:read',
  'table:state:write',
  'queue:timers:send',
] as const;

export const FUNCTIONS = {
  detect: {
    folder: 'detect',
    memoryMb: 1769,
    timeoutSeconds: 60,
    worker: 'stream',
    grants: [
      'stream:read',
      'table:work:read',
      'table:work:write',
      'table:journal:append',
      'table:config:read',
      'table:config:write',
      'table:state:read',
      'table:state:write',
      'table:live:write',
      'store:quarantine:write',
      'store:failures:write',
      'secret:signing-key:read',
    ],
  },
  archive: {
    ...SMALL,
    folder: 'archive',
    worker: 'stream',
    grants: [
      'stream:read',
      'store:archive:write',
      'store:failures:write',
      'secret:signing-key:read',
    ],
  },
  publish: { ...SMALL, folder: 'publish', grants: ['table:journal:clear', 'bus:put'] },
  broadcast: {
    ...SMALL,
    folder: 'broadcast',
    grants: ['table:live:read', 'table:live:write', 'live:push'],
  },
  'notify-email': { ...SMALL, folder: 'notify-email', grants: [...NOTIFIER, 'topic:publish'] },
  'notify-slack': {
    ...SMALL,
    folder: 'notify-slack',
    grants: [...NOTIFIER, 'secret:channel:read'],
  },
  'notify-pagerduty': {
    ...SMALL,
    folder: 'notify-pagerduty',
    grants: [...NOTIFIER, 'secret:channel:read'],
  },
  'notify-webhook': {
    ...SMALL,
    folder: 'notify-webhook',
    grants: [...NOTIFIER, 'secret:channel:read'],
  },
  escalate: {
    ...SMALL,
    folder: 'escalate',
    grants: [
      'table:work:read',
      'table:work:write',
      'table:journal:read',
      'table:journal:append',
      'table:journal:clear',
      'table:config:read',
      'table:state:read',
      'table:state:write',
      'table:live:write',
      'queue:timers:receive',
      'queue:timers:send',
      'bus:put',
      'stream:put',
      'secret:signing-key:read',
    ],
  },
  api: {
    folder: 'api',
    memoryMb: 1024,
    timeoutSeconds: 29,
    worker: 'request',
    grants: [
      'stream:put',
      'table:work:read',
      'table:work:write',
      'table:journal:read',
      'table:journal:append',
      'table:config:read',
      'table:config:write',
      'table:state:read',
      'table:state:write',
      'table:live:write',
      'store:archive:read',
      'store:archive:list',
      'store:quarantine:read',
      'store:quarantine:write',
      'queue:backtests:send',
      'secret:signing-key:read',
      'secret:hook:read',
    ],
  },
  backtest: {
    folder: 'backtest',
    memoryMb: 1769,
    timeoutSeconds: 900,
    worker: 'batch',
    grants: [
      'table:work:read',
      'table:work:write',
      'table:config:read',
      'store:archive:read',
      'store:archive:list',
      'queue:backtests:send',
      'queue:backtests:receive',
    ],
  },
  'live-authorizer': {
    ...SMALL,
    folder: 'live-authorizer',
    timeoutSeconds: 10,
    grants: ['table:live:write'],
  },
  live: {
    ...SMALL,
    folder: 'live',
    timeoutSeconds: 29,
    grants: [
      'table:work:read',
      'table:work:write',
      'table:journal:read',
      'table:journal:append',
      'table:config:read',
      'table:config:write',
      'table:state:read',
      'table:live:read',
      'table:live:write',
      'live:push',
      'stream:put',
      'store:quarantine:read',
      'secret:signing-key:read',
    ],
  },
} as const satisfies Record<string, FunctionDefinition>;
export type FunctionName = keyof typeof FUNCTIONS;
