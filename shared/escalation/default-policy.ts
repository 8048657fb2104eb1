import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { Channel } from '#shared/notification/schema.ts';

interface Target {
  channel: Channel;
  destination: string;
}
const AUDIT: Target = { channel: 'webhook', destination: 'webhook-audit' };
const CHAT: Target = { channel: 'slack', destination: 'slack-ops' };
const MAIL: Target = { channel: 'email', destination: 'email-ops' };
const PAGE: Target = { channel: 'pagerduty', destination: 'pagerduty-primary' };

function policy(
  order: number,
  policyId: string,
  name: string,
  severities: readonly string[],
  targets: Target[],
): EscalationPolicy {
  return {
    policy_id: policyId,
    name,
    match: { severity: [...severities] },
    order,
    steps: [{ delay_minutes: 0, targets }],
    repeat: 0,
    acknowledgements: 1,
    enabled: true,
    version: 1,
    author: 'system',
    updated_at: '1970-01-01T00:00:00.000Z',
  };
}

/**
 * Who is told at once, for a tenant that has no policies of its own: the grave page, warnings go to
 * chat, and the audit webhook hears of everything.
 */
export const DEFAULT_POLICIES: readonly EscalationPolicy[] = [
  policy(100, 'default-page', 'Page for errors', ['CRITICAL', 'ERROR'], [PAGE, CHAT, MAIL, AUDIT]),
  policy(200, 'default-warn', 'Chat for warnings', ['WARN'], [CHAT, AUDIT]),
  policy(300, 'default-info', 'Record the rest', ['INFO'], [AUDIT]),
];
