import { awsCommand } from './aws-command.ts';
import { lines, sampleEvent } from './snippet-parts.ts';
import type { Source } from './source.ts';

const RETRY = 'Records can fail one by one inside a good answer: send those again.';

/** Producers that put records on the stream themselves. */
export const AWS_SOURCES: readonly Source[] = [
  {
    key: 'aws-sdk-js',
    name: 'AWS SDK, TypeScript',
    source: 'aws-sdk-js',
    about: `Puts events on the stream. ${RETRY}`,
    way: 'direct',
    steps: ({ stream, region, endpoint }) => [
      {
        text: 'Install the client, then send.',
        place: 'send.ts',
        code: lines(
          "import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';",
          '',
          'const kinesis = new KinesisClient({',
          `  region: '${region}',`,
          endpoint && `  endpoint: '${endpoint}',`,
          endpoint && "  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },",
          '});',
          `const events = [${sampleEvent('aws-sdk-js')}];`,
          'const { FailedRecordCount } = await kinesis.send(',
          '  new PutRecordsCommand({',
          `    StreamName: '${stream}',`,
          '    Records: events.map((event) => ({',
          '      PartitionKey: crypto.randomUUID(),',
          '      Data: Buffer.from(JSON.stringify(event)),',
          '    })),',
          '  }),',
          ');',
          'if (FailedRecordCount) throw new Error(`${FailedRecordCount} events were not stored`);',
        ),
      },
    ],
  },
  {
    key: 'boto3',
    name: 'AWS SDK, Python',
    source: 'boto3',
    about: `Puts events on the stream. ${RETRY}`,
    way: 'direct',
    steps: ({ stream, region, endpoint }) => [
      {
        text: 'Install boto3, then send.',
        place: 'send.py',
        code: lines(
          'import json, uuid',
          'import boto3',
          '',
          'kinesis = boto3.client(',
          '    "kinesis",',
          `    region_name="${region}",`,
          endpoint && `    endpoint_url="${endpoint}",`,
          endpoint && '    aws_access_key_id="local",',
          endpoint && '    aws_secret_access_key="local",',
          ')',
          `events = [${sampleEvent('boto3')}]`,
          'answer = kinesis.put_records(',
          `    StreamName="${stream}",`,
          '    Records=[',
          '        {"PartitionKey": str(uuid.uuid4()), "Data": json.dumps(event).encode()}',
          '        for event in events',
          '    ],',
          ')',
          'if answer["FailedRecordCount"]:',
          '    raise RuntimeError(f"{answer[\'FailedRecordCount\']} events were not stored")',
        ),
      },
    ],
  },
  {
    key: 'aws-cli',
    name: 'AWS CLI',
    source: 'aws-cli',
    about: 'Puts one event on the stream from a terminal.',
    way: 'direct',
    steps: ({ stream }, config) => [
      {
        text: 'Paste this.',
        place: 'Terminal',
        code: lines(
          `echo '${sampleEvent('aws-cli')}' |`,
          awsCommand(config, [
            'kinesis put-record',
            `--stream-name ${stream} --partition-key 1 --data fileb:///dev/stdin`,
          ]),
        ),
      },
    ],
  },
];
