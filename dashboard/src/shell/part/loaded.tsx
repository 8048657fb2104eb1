import type { ReactNode } from 'react';

import type { Resource } from '#dashboard/api/use-resource.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';

interface Props<Value> {
  /** `Rules`: begins sentences. */
  what: string;
  resource: Resource<Value>;
  children: (value: Value) => ReactNode;
}

/** What was fetched; before that, that it is being fetched, or why it could not be. */
export function Loaded<Value>({ what, resource, children }: Props<Value>) {
  const { value, error, reload } = resource;
  if (value !== undefined) return children(value);
  if (error) return <Failed what={what} message={error.message} retry={reload} />;
  return <Loading what={`${what.charAt(0).toLowerCase()}${what.slice(1)}`} />;
}
