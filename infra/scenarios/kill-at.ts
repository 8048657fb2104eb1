import type { AwsRequest } from '#infra/local/service.ts';

import type { Scenario } from './harness.ts';

/** A point in the commit protocol at which a worker dies. */
export interface KillPoint {
  worker: 'stream' | 'request';
  /** Which transactions count, by what their request holds. */
  commit: RegExp;
  /** The how manieth of them, from 1 on. */
  number: number;
  /** `before`: nothing of it was written. `after`: all of it, and the worker never hears so. */
  when: 'before' | 'after';
}

/** Detector state of a series, with all that the fold made of its alert. */
export const DETECTED = /"SERIES"/;
/** A notifier takes a delivery up that was never sent. */
export const CLAIMED = /"lease_owner"/;
/** A notifier notes what it has sent. */
export const RECORDED = /"sent_at"/;

/** What came of the points. */
export interface Killing {
  /** How many of the points were reached. */
  reached(): number;
  /** Transactions of this kind so far. */
  counted(commit: RegExp): number;
}

/** Counts the transactions of an instance, and kills workers with SIGKILL at exactly these points. */
export function killAt(scenario: Scenario, points: readonly KillPoint[]): Killing {
  const { dynamodb } = scenario.instance.services;
  const handle = dynamodb.handle.bind(dynamodb);
  const left = new Set(points);
  const counts = new Map<RegExp, number>();
  dynamodb.handle = async (request: AwsRequest) => {
    const point = reach(request);
    if (point?.when === 'before') {
      scenario.kill(point.worker);
      return { status: 500, headers: {}, body: '{}' };
    }
    const answer = await handle(request);
    if (point) scenario.kill(point.worker);
    return answer;
  };

  function reach({ headers, body }: AwsRequest): KillPoint | undefined {
    if (!headers['x-amz-target']?.endsWith('.TransactWriteItems')) return undefined;
    const text = body.toString('utf8');
    // A record of what was sent holds more than its claim: the first that fits is the kind.
    const commit = [RECORDED, CLAIMED, DETECTED].find((kind) => kind.test(text));
    if (commit === undefined) return undefined;
    const number = (counts.get(commit) ?? 0) + 1;
    counts.set(commit, number);
    const point = [...left].find((one) => one.commit === commit && one.number === number);
    if (point) left.delete(point);
    return point;
  }
  return {
    reached: () => points.length - left.size,
    counted: (commit) => counts.get(commit) ?? 0,
  };
}
