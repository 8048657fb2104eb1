import * as z from 'zod';

import type { Detector, DetectorKind, Point, Update } from '#shared/detection/detector.ts';

export const MatchConfig = z.object({ kind: z.literal('match') });
type MatchConfig = z.infer<typeof MatchConfig>;

/** Every event of the pattern is a finding of its own. Stateless. */
export const matchKind: DetectorKind<MatchConfig, null> = {
  kind: 'match',
  version: 1,
  idleSeconds: () => 0,
  describe: () => 'every matching event',
  init: () => detector,
};

const NOTHING = new Uint8Array(0);

const detector: Detector<null> = {
  findsEvents: true,
  empty: () => null,
  update: (_state, point: Point): Update<null> => ({
    state: null,
    match: {
      occurrences: 1,
      since: point.at,
      explain: {
        detector: 'match',
        summary: "an event matched the rule's pattern",
        expected: 'no such event',
        observed: `event ${point.event_id}`,
      },
    },
  }),
  pack: () => NOTHING,
  unpack(bytes) {
    if (bytes.length > 0) throw new SyntaxError('a match detector has no state');
    return null;
  },
};
