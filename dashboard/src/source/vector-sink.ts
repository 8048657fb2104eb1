import type { Place } from './snippet-parts.ts';

/** The part of a Vector configuration that puts what `events` gives on the stream. */
export function kinesisSink({ stream, region, endpoint }: Place): string[] {
  return [
    'sinks:',
    '  sentry:',
    '    type: aws_kinesis_streams',
    '    inputs: [events]',
    `    stream_name: ${stream}`,
    `    region: ${region}`,
    ...(endpoint === undefined
      ? []
      : [
          `    endpoint: ${endpoint}`,
          '    auth:',
          '      access_key_id: local',
          '      secret_access_key: local',
        ]),
    '    encoding:',
    '      codec: json',
  ];
}
