import { checkDocument } from '#shared/document/check-document.ts';
import type { DocumentKind } from '#shared/document/kind.ts';
import { checkMatchers } from '#shared/silence/match.ts';

import { Inhibition } from './schema.ts';

/** Rules of inhibition as documents. */
export const INHIBITION_KIND: DocumentKind<Inhibition> = {
  noun: 'inhibition',
  idOf: ({ inhibition_id }) => inhibition_id,
  check: (input) =>
    checkDocument(
      'inhibition',
      Inhibition,
      ({ source, target }) => [
        ...checkMatchers(source, 'source'),
        ...checkMatchers(target, 'target'),
      ],
      input,
    ),
};
