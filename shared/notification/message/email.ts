import type { Email } from '#shared/ports/email-topic.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';

import { ascii, clip, oneLine, pairs, webLink } from './text.ts';

/** SNS wants fewer than 100 characters. */
const SUBJECT_MAX = 99;

const WORDS = { trigger: 'OPEN', acknowledge: 'ACK', resolve: 'RESOLVED' } as const;

/** A mail about an alert: subject in ASCII with severity and service, body in plain text (SNS Publish). */
export function renderEmail(notice: Notice): Email {
  const { alert, intent, channel } = notice;
  const state = intent === 'trigger' ? alert.severity : WORDS[intent];
  const service = oneLine(alert.service, 60);
  const title = oneLine(alert.title, 300);
  const lines = [
    `${alert.severity} on ${service}: ${title}`,
    '',
    `Why:   ${oneLine(alert.explain.summary, 500)}`,
    `       expected ${oneLine(alert.explain.expected, 200)}, observed ${oneLine(alert.explain.observed, 200)}`,
    `When:  first ${alert.first_seen}, last ${alert.last_seen}, ${alert.count} event(s)`,
    `Rule:  ${oneLine(alert.rule_id, 64)} (version ${alert.rule_version})`,
    ...pairs(alert.group, 5, 200).map(([name, value]) => `       ${name}: ${value}`),
    '',
    `Open:  ${notice.link}`,
  ];
  const runbook = webLink(alert.runbook_url);
  if (runbook !== undefined) lines.push(`Runbook: ${runbook}`);
  if (intent === 'trigger')
    lines.push('', 'To acknowledge: open the link, sign in and press "Acknowledge".');
  lines.push('', `Alert ${alert.alert_id}`);
  return {
    subject: clip(ascii(`[${state}] ${service}: ${title}`), SUBJECT_MAX).replace('…', '.'),
    body: lines.join('\n'),
    ...(channel.topic_arn === undefined ? {} : { topic_arn: channel.topic_arn }),
  };
}
