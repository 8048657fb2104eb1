import type { OperationResult } from '#shared/api/routes.ts';

import { reasonOf } from '#dashboard/api/problem.ts';

/** What a test message came to, in a sentence. */
export interface TestOutcome {
  kind: 'sent' | 'failed' | 'under_way';
  words: string;
}

type Test = OperationResult<'channels.test'>;

/** The outcome of a test that was answered after `tookMs`. */
export function readTest({ state, receipt, reason }: Test, tookMs: number): TestOutcome {
  const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
  if (state === 'sent')
    return { kind: 'sent', words: `Sent in ${seconds}${receipt ? `: ${receipt}` : ''}` };
  if (state === 'failed')
    return { kind: 'failed', words: `Did not get through: ${reason ?? 'no reason given'}` };
  return {
    kind: 'under_way',
    words: `No answer within ${seconds}; its health will tell what became of it`,
  };
}

/** The outcome of a test that could not even be asked for. */
export function refusedTest(error: unknown): TestOutcome {
  return { kind: 'failed', words: `Not sent: ${reasonOf(error)}` };
}
