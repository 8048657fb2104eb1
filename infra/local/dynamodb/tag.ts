import { existingTable } from './describe.ts';
import type { Body, ControlContext } from './describe.ts';
import { validationFailure } from './failure.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';

/** Tags as the API lists them, by key. */
export function tagsOf(tags: unknown): Record<string, string> {
  const list = (tags ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}

function tagged(body: Body, store: Store): Table {
  const arn = body['ResourceArn'];
  if (typeof arn !== 'string') throw validationFailure('Invalid TableArn');
  return existingTable({ TableName: arn }, store);
}

export function tagResource(body: Body, { store }: ControlContext): Body {
  const table = tagged(body, store);
  store.saveTable({ ...table, tags: { ...table.tags, ...tagsOf(body['Tags']) } });
  return {};
}

export function untagResource(body: Body, { store }: ControlContext): Body {
  const table = tagged(body, store);
  const gone = new Set((body['TagKeys'] ?? []) as string[]);
  const kept = Object.entries(table.tags).filter(([key]) => !gone.has(key));
  store.saveTable({ ...table, tags: Object.fromEntries(kept) });
  return {};
}

export function listTagsOfResource(body: Body, { store }: ControlContext): Body {
  const { tags } = tagged(body, store);
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}
