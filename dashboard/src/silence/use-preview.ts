import { useEffect, useState } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';
import type { Matcher } from '#shared/silence/schema.ts';

import { type Resource, useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

import { faultOf } from './matcher-text.ts';

export type Preview = OperationResult<'silences.preview'>;

/** What is asked while somebody types: not every letter is worth a question. */
const CALM_MS = 350;

/** What conditions would have muted, once they have been still for a moment; undefined while they are not complete. */
export function usePreview(matchers: readonly Matcher[]): Resource<Preview | undefined> {
  const { call } = useApp();
  const text = faultOf(matchers) === undefined ? JSON.stringify(matchers) : '';
  const [asked, setAsked] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), CALM_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const resource = useResource(`silence preview ${asked}`, async () =>
    asked === ''
      ? undefined
      : call('silences.preview', { matchers: JSON.parse(asked) as Matcher[] }),
  );
  return { ...resource, isLoading: resource.isLoading || asked !== text };
}
