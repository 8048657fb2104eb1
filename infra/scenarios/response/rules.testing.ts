import { SEVERITIES } from '#shared/kernel/severity.ts';

/** One rule for each severity: every `told.<severity>` event is an alert, one for each name in it. */
export const RESPONSE_RULES = [
  ...SEVERITIES.map((severity) => ({
    rule_id: `told-${severity.toLowerCase()}`,
    name: `Told as ${severity}`,
    severity,
    pattern: { type: [`told.${severity.toLowerCase()}`] },
    detector: { kind: 'match' },
    group_by: ['service', 'payload.name'],
    title: 'Trouble of {payload.name}',
  })),
  ...(['WARN', 'CRITICAL'] as const).map((severity) => ({
    rule_id: severity === 'WARN' ? 'told-absent' : 'told-absent-critical',
    name: 'No heartbeat',
    severity,
    pattern: { type: [severity === 'WARN' ? 'told.beat' : 'told.beat.critical'] },
    detector: { kind: 'absence', window_seconds: 60 },
    group_by: ['service', 'payload.name'],
    title: '{payload.name} is silent',
    reopen_window_seconds: 0,
  })),
];
