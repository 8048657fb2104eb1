import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

import { SentryError } from '#shared/kernel/error.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';

/** Archive objects in one bucket. */
export function createS3EventArchive(s3: S3Client, bucket: string): EventArchive {
  return {
    async put(objectKey, bytes) {
      try {
        await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: objectKey,
            Body: bytes,
            ContentType: 'application/gzip',
          }),
        );
      } catch (error) {
        throw new SentryError(
          'unavailable',
          `The archive cannot be written: ${(error as Error).name}.`,
          {
            cause: error,
          },
        );
      }
    },
  };
}
