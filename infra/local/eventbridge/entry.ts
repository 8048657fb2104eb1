import * as z from 'zod';

import { LOCAL_ACCOUNT } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';

/** Bytes all entries of one request may have together (API reference of PutEvents). */
export const ENTRIES_BYTES_MAX = 1024 * 1024;
export const ENTRIES_MAX = 10;

export const Entry = z.looseObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  /** Unix seconds. */
  Time: z.number().optional(),
});
export type Entry = z.infer<typeof Entry>;

/** The event as rules match it and targets receive it. */
export interface Envelope {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

/** Size of an entry (EventBridge User Guide, "Calculating PutEvents event entry size"). */
export function entryBytes(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const time = entry.Time === undefined ? 0 : 14;
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text ?? ''), time);
}

/** The envelope, or a throw of the per-entry error that PutEventsResultEntry documents. */
export function readEntry(entry: Entry, id: string, region: string, now: number): Envelope {
  const { Source: source, DetailType: detailType } = entry;
  for (const [name, value] of [
    ['Source', source],
    ['DetailType', detailType],
    ['Detail', entry.Detail],
  ]) {
    if (value) continue;
    throw new AwsError(
      'InvalidArgument',
      `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    );
  }
  if (source!.startsWith('aws.')) {
    throw new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.');
  }
  return makeEnvelope({
    id,
    detailType: detailType!,
    source: source!,
    time: entry.Time === undefined ? now : entry.Time * 1000,
    region,
    resources: entry.Resources ?? [],
    detail: readDetail(entry.Detail!),
  });
}

function readDetail(text: string): unknown {
  let detail: unknown;
  try {
    detail = JSON.parse(text);
  } catch {
    throw new AwsError('MalformedDetail', 'Detail is malformed.');
  }
  if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return detail;
  throw new AwsError('MalformedDetail', 'Detail is malformed.');
}

/** `time` in milliseconds; the envelope states it to the second, as AWS does. */
export function makeEnvelope(event: {
  id: string;
  detailType: string;
  source: string;
  time: number;
  region: string;
  resources: string[];
  detail: unknown;
}): Envelope {
  return {
    version: '0',
    id: event.id,
    'detail-type': event.detailType,
    source: event.source,
    account: LOCAL_ACCOUNT,
    time: `${new Date(event.time).toISOString().slice(0, 19)}Z`,
    region: event.region,
    resources: event.resources,
    detail: event.detail,
  };
}
