import { lines, type Place } from './snippet-parts.ts';
import type { Source, Step } from './source.ts';
import { kinesisSink } from './vector-sink.ts';

const NOT_READ = 'Its own format is not read here; Vector beside it turns it into events.';

/** Programs whose own formats are not read: Vector stands between, and gives events. */
export const RELAYED_SOURCES: readonly Source[] = [
  {
    key: 'opentelemetry',
    name: 'OpenTelemetry Collector',
    source: 'opentelemetry',
    about: `Sends logs as OTLP. ${NOT_READ}`,
    way: 'relay',
    steps: (place) => [
      {
        text: 'The collector sends its logs to Vector.',
        place: 'collector.yaml',
        code: lines(
          'exporters:',
          '  otlphttp/sentry:',
          '    endpoint: http://127.0.0.1:4320',
          'service:',
          '  pipelines:',
          '    logs:',
          '      receivers: [otlp]',
          '      exporters: [otlphttp/sentry]',
        ),
      },
      {
        text: 'Vector makes events of them.',
        place: 'vector.yaml',
        code: lines(
          'sources:',
          '  otlp:',
          '    type: opentelemetry',
          '    grpc: { address: 127.0.0.1:4319 }',
          '    http: { address: 127.0.0.1:4320 }',
          'transforms:',
          '  events:',
          '    type: remap',
          '    inputs: [otlp.logs]',
          '    source: |',
          '      number = to_int(.severity_number) ?? 9',
          '      .severity = "INFO"',
          '      if number >= 13 { .severity = "WARN" }',
          '      if number >= 17 { .severity = "ERROR" }',
          '      if number >= 21 { .severity = "CRITICAL" }',
          '      .source = "opentelemetry"',
          '      .type = "log.record"',
          '      .service = string(.resources."service.name") ?? "unknown"',
          ...kinesisSink(place),
        ),
      },
    ],
  },
  {
    key: 'alertmanager',
    name: 'Alertmanager',
    source: 'alertmanager',
    about: `Tells of every alert that fires or is resolved by webhook. ${NOT_READ}`,
    way: 'relay',
    steps: (place) => [
      {
        text: 'Alertmanager calls Vector.',
        place: 'alertmanager.yml',
        code: lines(
          'receivers:',
          '  - name: sentry',
          '    webhook_configs:',
          '      - url: http://127.0.0.1:4321/alertmanager',
          '        send_resolved: true',
        ),
      },
      alertRelay(place, 'alertmanager'),
    ],
  },
  {
    key: 'grafana',
    name: 'Grafana',
    source: 'grafana',
    about: `Its alerting calls a webhook contact point. ${NOT_READ}`,
    way: 'relay',
    steps: (place) => [
      {
        text: 'Make a contact point of the kind webhook, by hand or by provisioning.',
        place: 'provisioning/alerting/sentry.yaml',
        code: lines(
          'apiVersion: 1',
          'contactPoints:',
          '  - orgId: 1',
          '    name: sentry',
          '    receivers:',
          '      - uid: sentry',
          '        type: webhook',
          '        settings:',
          '          url: http://127.0.0.1:4321/grafana',
        ),
      },
      alertRelay(place, 'grafana'),
    ],
  },
];

/** Both send the same envelope: a list of alerts, each firing or resolved. */
function alertRelay(place: Place, source: 'alertmanager' | 'grafana'): Step {
  return {
    text: 'Vector makes one event of each alert: alert.firing or alert.resolved.',
    place: 'vector.yaml',
    code: lines(
      'sources:',
      '  webhook:',
      '    type: http_server',
      '    address: 127.0.0.1:4321',
      `    path: /${source}`,
      '    decoding:',
      '      codec: json',
      'transforms:',
      '  each:',
      '    type: remap',
      '    inputs: [webhook]',
      '    source: . = unnest!(.alerts)',
      '  events:',
      '    type: remap',
      '    inputs: [each]',
      '    source: |',
      '      word = downcase(string(.alerts.labels.severity) ?? "warning")',
      '      .severity = "WARN"',
      '      if word == "info" { .severity = "INFO" }',
      '      if word == "error" { .severity = "ERROR" }',
      '      if word == "critical" || word == "page" { .severity = "CRITICAL" }',
      `      .source = "${source}"`,
      '      .type = "alert." + (string(.alerts.status) ?? "firing")',
      '      .service = string(.alerts.labels.service) ?? "unknown"',
      '      .message_id = string(.alerts.fingerprint) ?? null',
      ...kinesisSink(place),
    ),
  };
}
