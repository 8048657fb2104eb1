import { useEffect } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { type Resource, useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

/** Health is of attempts that nobody announces: it is asked for this often while it is looked at. */
const EVERY_MS = 10_000;

/** Every channel in force with its health, kept fresh. */
export function useChannels(): Resource<OperationResult<'channels.list'>> {
  const { call } = useApp();
  const channels = useResource('channels', () => call('channels.list', {}));
  const { reload } = channels;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return channels;
}
