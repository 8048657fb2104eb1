import { AwsError } from '#infra/local/wire/error.ts';

/** 1–10 entries with distinct ids; throws SQS's error for what is wrong. */
export function checkBatch(entries: readonly { Id: string }[]): void {
  const refuse = (code: string, message: string): never => {
    throw new AwsError(code, message, { queryCode: `AWS.SimpleQueueService.${code}` });
  };
  if (entries.length === 0)
    refuse('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10) {
    refuse(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  if (new Set(entries.map((entry) => entry.Id)).size < entries.length) {
    refuse(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
}

/** One failure does not stop the others: SQS answers 200 with both lists. */
export function eachEntry<E extends { Id: string }>(
  entries: readonly E[],
  run: (entry: E) => object | void,
) {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === 'QueueDoesNotExist') throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return Failed.length > 0 ? { Successful, Failed } : { Successful };
}
