import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

import { SentryError } from '#shared/kernel/error.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

/** Archive objects in one bucket. */
export function createS3EventArchive(s3: S3Client, bucket: string): EventArchive {
  return {
    async put(objectKey, bytes) {
      await storing(
        'written',
        s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: objectKey,
            Body: bytes,
            ContentType: 'application/gzip',
          }),
        ),
      );
    },
    async *list(prefix) {
      let token: string | undefined;
      do {
        const ContinuationToken = token;
        const page = await storing(
          'listed',
          s3.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ...(ContinuationToken !== undefined && { ContinuationToken }),
            }),
          ),
        );
        yield (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async get(objectKey) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: objectKey });
      return storing(
        'read',
        s3.send(command).then(({ Body }) => Body!.transformToByteArray()),
      );
    },
  };
}

/** Names S3's faults in our words. */
async function storing<Answer>(verb: string, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    const { name } = error as Error;
    if (name === 'NoSuchKey')
      throw new SentryError('not_found', 'The archive object is gone.', { cause: error });
    throw new SentryError('unavailable', `The archive cannot be ${verb}: ${name}.`, {
      cause: error,
    });
  }
}
