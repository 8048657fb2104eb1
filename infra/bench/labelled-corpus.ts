import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { DetectionRule } from '#shared/rule/schema.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { buildRecord, createDetectHarness } from '#shared/testing/detect-harness.ts';

/** A rule of the corpus with what its authors say it makes of single events. */
export interface LabelledRule {
  rule_id: string;
  log_types: string[] | null;
  tests: LabelledTest[];
}

interface LabelledTest {
  name: string;
  expected: boolean;
  /** True when the label holds only with answers of other systems put in. */
  mocks: boolean;
  event: Record<string, unknown> | null;
}

/** The rules in the `.json.gz` files of a folder. Throws when there is none. */
export function readCorpus(folder: string): LabelledRule[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json.gz'));
  if (files.length === 0) throw new Error(`no .json.gz in ${folder}`);
  return files.flatMap(
    (name) => JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString()) as LabelledRule[],
  );
}

type CloudTrailRecord = Record<string, unknown>;

/** The ways in that are tried: the record as it stands in a log file, and as EventBridge sends it. */
const ENVELOPES: readonly ((record: CloudTrailRecord) => object)[] = [
  (record) => record,
  (record) => ({
    version: '0',
    id: record.eventID,
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.labelled',
    account: record.recipientAccountId,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: record,
  }),
];

/** The ids of the rules that open an alert, by way in: the event goes through decoding, rule set and detector. */
export async function firedRules(
  rules: readonly DetectionRule[],
  event: CloudTrailRecord,
  copies: (event: CloudTrailRecord) => CloudTrailRecord[],
): Promise<string[][]> {
  const records = copies(event);
  return Promise.all(
    ENVELOPES.map(async (envelope) => {
      const harness = createDetectHarness(rules);
      await harness.deliverUntilDone(
        records.map((record, index) => buildRecord(index + 1, JSON.stringify(envelope(record)))),
      );
      return [...harness.tables.alerts.values()].map(({ row }) => row.rule_id);
    }),
  );
}

/** The event once, now. */
export function alone(event: CloudTrailRecord): CloudTrailRecord[] {
  return [copyOf(event, 0)];
}

/**
 * A label says what a rule makes of one event, and where the corpus counts, that so many such events are
 * an alert. A counting rule gets as many as it counts to, a second apart; one that counts different
 * values gets a different value in each. Benign events are multiplied in the same way.
 */
export function asOftenAsCounted({ detector }: DetectionRule) {
  return (event: CloudTrailRecord): CloudTrailRecord[] => {
    if (detector.kind !== 'threshold') return alone(event);
    return Array.from({ length: detector.threshold }, (_, index) => {
      const copy = copyOf(event, index);
      if (detector.aggregate === 'distinct' && detector.field !== undefined)
        setField(copy, detector.field.split('.').slice(1), `value-${index}`);
      return copy;
    });
  };
}

function copyOf(event: CloudTrailRecord, index: number): CloudTrailRecord {
  const eventTime = new Date(Date.parse(BUILT_AT) + index * 1_000).toISOString();
  return { ...structuredClone(event), eventID: `labelled-${index}`, eventTime };
}

function setField(record: CloudTrailRecord, path: readonly string[], value: string): void {
  let at = record;
  for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as CloudTrailRecord;
  at[path.at(-1)!] = value;
}
