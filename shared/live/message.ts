import type { RecoverableTopic } from './schema.ts';

/** Room for everything but the items of an `event` message. */
export const ENVELOPE_BYTES = 256;

/** An `event` notification around items that are JSON texts already. */
export function eventMessage(
  topic: RecoverableTopic,
  epoch: string,
  range: { from: number; to: number },
  items: readonly string[],
): string {
  const head = JSON.stringify({ topic, epoch, from: range.from, to: range.to }).slice(0, -1);
  return `{"jsonrpc":"2.0","method":"event","params":${head},"items":[${items.join(',')}]}}`;
}

export function feedMessage(frame: object): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'feed', params: frame });
}

export function byeMessage(code: number, reason: string): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'bye', params: { code, reason } });
}
