import { existingTable } from './describe.ts';
import type { Body, ControlContext } from './describe.ts';
import { validationFailure } from './failure.ts';
import type { Table } from './table.ts';

/** UpdateTimeToLive; takes effect at once. */
export function updateTimeToLive(body: Body, { store }: ControlContext): Body {
  const table = existingTable(body, store);
  const { Enabled, AttributeName } = (body['TimeToLiveSpecification'] ?? {}) as {
    Enabled?: boolean;
    AttributeName?: string;
  };
  if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string' || AttributeName === '') {
    throw validationFailure('TimeToLiveSpecification must name Enabled and AttributeName');
  }
  if (Enabled === (table.ttlAttribute !== undefined)) {
    throw validationFailure(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  }
  const { ttlAttribute: _, ...rest } = table;
  const next: Table = Enabled ? { ...rest, ttlAttribute: AttributeName } : rest;
  store.transaction(() => {
    store.refillExpiry(next);
    store.saveTable(next);
  });
  return { TimeToLiveSpecification: { Enabled, AttributeName } };
}

export function describeTimeToLive(body: Body, { store }: ControlContext): Body {
  const { ttlAttribute } = existingTable(body, store);
  const description =
    ttlAttribute === undefined
      ? { TimeToLiveStatus: 'DISABLED' }
      : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute };
  return { TimeToLiveDescription: description };
}
