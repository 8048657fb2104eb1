import { lines, type Place, tokenCommand } from './snippet-parts.ts';
import { secretStep } from './from-http.ts';
import type { Source } from './source.ts';
import { kinesisSink } from './vector-sink.ts';

/** Agents that collect logs. */
export const AGENT_SOURCES: readonly Source[] = [
  {
    key: 'fluent-bit',
    name: 'Fluent Bit',
    source: 'fluent-bit',
    about:
      'Reads files and containers. A filter names the source, the type and the service; all other fields become the payload.',
    way: 'direct',
    steps: (place, { issuer }) =>
      place.endpoint === undefined
        ? [
            {
              text: 'It needs the right kinesis:PutRecords on the stream.',
              place: 'fluent-bit.conf',
              code: lines(FLUENT_INPUT, ...kinesisOutput(place)),
            },
          ]
        : [
            secretStep(place, issuer),
            {
              text: 'Its Kinesis output speaks TLS only, which a local instance does not: post to the HTTP API.',
              place: 'Terminal',
              code: lines(tokenCommand(place), 'export SENTRY_TOKEN=$TOKEN'),
            },
            {
              text: 'Start it in that terminal with this.',
              place: 'fluent-bit.conf',
              code: lines(FLUENT_INPUT, ...httpOutput(place)),
            },
          ],
  },
  {
    key: 'vector',
    name: 'Vector',
    source: 'vector',
    about:
      'Reads nearly anything. A transform names the source, the type and the service; all other fields become the payload.',
    way: 'direct',
    steps: (place) => [
      {
        text: 'It needs the right kinesis:PutRecords on the stream.',
        place: 'vector.yaml',
        code: lines(
          'sources:',
          '  app:',
          '    type: file',
          '    include: [/var/log/app/*.log]',
          'transforms:',
          '  events:',
          '    type: remap',
          '    inputs: [app]',
          '    source: |',
          '      .source = "vector"',
          '      .type = "log.line"',
          '      .service = "shop"',
          ...kinesisSink(place),
        ),
      },
    ],
  },
];

const FLUENT_INPUT = `[INPUT]
    Name  tail
    Path  /var/log/app/*.log

[FILTER]
    Name   modify
    Match  *
    Add    source   fluent-bit
    Add    type     log.line
    Add    service  shop
`;

function kinesisOutput({ stream, region }: Place): string[] {
  return [
    '[OUTPUT]',
    '    Name             kinesis_streams',
    '    Match            *',
    `    stream           ${stream}`,
    `    region           ${region}`,
    '    time_key         timestamp',
    '    time_key_format  %Y-%m-%dT%H:%M:%S.%3NZ',
  ];
}

function httpOutput({ api }: Place): string[] {
  const { hostname, port } = new URL(api);
  return [
    '[OUTPUT]',
    '    Name              http',
    '    Match             *',
    `    Host              ${hostname}`,
    `    Port              ${port}`,
    '    URI               /v1/events',
    '    Format            json',
    '    Json_date_key     timestamp',
    '    Json_date_format  iso8601',
    '    Header            Authorization Bearer ${SENTRY_TOKEN}',
  ];
}
