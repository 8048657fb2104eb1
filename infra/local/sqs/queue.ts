import * as z from 'zod';

import { localArn } from '#infra/local/service.ts';
import { AwsError } from '#infra/local/wire/error.ts';

/** Defaults and bounds of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const BOUNDS: Readonly<Record<string, readonly [number, number, number]>> = {
  DelaySeconds: [0, 0, 900],
  MaximumMessageSize: [1_048_576, 1024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
};

export type QueueAttributes = Record<string, string>;

export const DEFAULT_ATTRIBUTES: QueueAttributes = {
  ...Object.fromEntries(Object.entries(BOUNDS).map(([name, [value]]) => [name, String(value)])),
  SqsManagedSseEnabled: 'true',
};

/** Refuses numbers out of bounds and a redrive policy that is none; keeps every other attribute as it is. */
export function checkAttributes(attributes: QueueAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const bounds = Object.hasOwn(BOUNDS, name) ? BOUNDS[name] : undefined;
    if (!bounds) continue;
    const [, min, max] = bounds;
    if (!/^\d+$/.test(value) || Number(value) < min || Number(value) > max) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
  if (attributes['RedrivePolicy']) readRedrivePolicy(attributes);
}

const RedrivePolicy = z.object({
  deadLetterTargetArn: z.string().startsWith('arn:'),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

/** Where messages go that were received too often; undefined where no policy is set. */
export function readRedrivePolicy(
  attributes: QueueAttributes,
): { dlq: string; receiveMax: number } | undefined {
  const text = attributes['RedrivePolicy'];
  if (!text) return undefined;
  try {
    const policy = RedrivePolicy.parse(JSON.parse(text));
    return { dlq: queueOfArn(policy.deadLetterTargetArn), receiveMax: policy.maxReceiveCount };
  } catch (cause) {
    if (cause instanceof AwsError) throw cause;
    throw new AwsError('InvalidParameterValue', 'Value for parameter RedrivePolicy is invalid.');
  }
}

export function queueArn(name: string): string {
  return localArn('sqs', name);
}

/** `arn:aws:sqs:<region>:<account>:<name>` → name. */
export function queueOfArn(arn: string): string {
  return arn.split(':').at(-1) ?? '';
}

/** `http://host/<account>/<name>` → name; a bare name is taken as it is. */
export function queueOfUrl(url: string): string {
  return url.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

/** 1–80 letters, digits, `-` and `_`; FIFO queues are not served here. */
export function checkQueueName(name: string): void {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(name)) return;
  throw new AwsError(
    'InvalidParameterValue',
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );
}

export function noSuchQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', {
    queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
  });
}
