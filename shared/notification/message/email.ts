import type { Email } from '#shared/ports/email-topic.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';

import { ascii, clip, oneLine, pairs, webLink } from './text.ts';

/** SNS wants fewer than 100 characters. */
const SUBJECT_MAX = 99;

const WORDS = { trigger: 'OPEN', acknowledge: 'ACK', resolve: 'RESOLVED' } as const;

/** The further alerts of a digest, three lines each. */
function digestLines({ more = [] }: Notice): string[] {
  if (more.length === 0) return [];
  return [
    '',
    `${more.length} more alert(s), in this mail because there were many at once:`,
    ...alertLines(more),
  ];
}

/** Alerts by name, three lines each. */
function alertLines(alerts: NonNullable<Notice['more']>): string[] {
  return alerts.flatMap(({ alert, link }) => [
    '',
    `${alert.severity} on ${oneLine(alert.service, 60)}: ${oneLine(alert.title, 300)}`,
    `Open:  ${link}`,
    `Alert ${alert.alert_id}`,
  ]);
}

/** The alerts that a group's message tells of. */
function memberLines({ members }: Notice): string[] {
  if (members === undefined) return [];
  const { firing, resolved, firing_count, resolved_count } = members;
  return [
    ...listed(`${firing_count} alert(s) firing:`, firing, firing_count),
    ...listed(`${resolved_count} alert(s) over since the last message:`, resolved, resolved_count),
  ];
}

function listed(title: string, named: NonNullable<Notice['more']>, count: number): string[] {
  if (count === 0) return [];
  const more = count - named.length;
  return ['', title, ...alertLines(named), ...(more > 0 ? ['', `… and ${more} more`] : [])];
}

/** A mail about an alert: subject in ASCII with severity and service, body in plain text (SNS Publish). */
export function renderEmail(notice: Notice): Email {
  const { alert, intent, channel } = notice;
  const state = intent === 'trigger' ? alert.severity : WORDS[intent];
  const service = oneLine(alert.service, 60);
  const title = oneLine(alert.title, 300);
  const others = notice.more ? ` (+${notice.more.length} more)` : '';
  const lines = [
    `${alert.severity} on ${service}: ${title}`,
    '',
    `Why:   ${oneLine(alert.explain.summary, 500)}`,
    `       expected ${oneLine(alert.explain.expected, 200)}, observed ${oneLine(alert.explain.observed, 200)}`,
    `When:  first ${alert.first_seen}, last ${alert.last_seen}, ${alert.count} event(s)`,
    `Rule:  ${oneLine(alert.rule_id, 64)} (version ${alert.rule_version})`,
    ...pairs(alert.group, 5, 200).map(([name, value]) => `       ${name}: ${value}`),
    ...(alert.incident_id === undefined ? [] : [`       incident: ${alert.incident_id}`]),
    '',
    `Open:  ${notice.link}`,
  ];
  const runbook = webLink(alert.runbook_url);
  if (runbook !== undefined) lines.push(`Runbook: ${runbook}`);
  if (intent === 'trigger')
    lines.push('', 'To acknowledge: open the link, sign in and press "Acknowledge".');
  lines.push('', `Alert ${alert.alert_id}`, ...memberLines(notice), ...digestLines(notice));
  return {
    subject: `${clip(ascii(`[${state}] ${service}: ${title}`), SUBJECT_MAX - others.length).replace('…', '.')}${others}`,
    body: lines.join('\n'),
    ...(channel.topic_arn === undefined ? {} : { topic_arn: channel.topic_arn }),
  };
}
