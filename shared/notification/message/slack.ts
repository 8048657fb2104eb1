import type { Notice } from '#shared/ports/channel-sender.ts';

import { clip, oneLine, pairs, webLink } from './text.ts';

/** Slack's limits for block texts, in UTF-16 units. */
const HEADER_MAX = 150;
const FIELD_MAX = 2_000;
const BUTTON_MAX = 75;

const MARKS = { INFO: '🔵', WARN: '🟡', ERROR: '🟠', CRITICAL: '🔴' } as const;

/** `&`, `<` and `>` are Slack's only control characters; escaped, no text can mention or link. */
function escape(text: string): string {
  return text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;');
}

/** Escaped text of at most `max` units, never cut inside an escape. */
function safe(text: string, max: number): string {
  let room = max;
  let line = escape(oneLine(text, room));
  while (line.length > max) {
    room -= Math.max(1, Math.ceil((line.length - max) / 5));
    line = escape(oneLine(text, room));
  }
  return line;
}

/** Producers' words go only into plain text, where `*`, `_` and `` ` `` mean nothing. */
function plain(text: string, max: number) {
  return { type: 'plain_text', text: safe(text, max) || ' ', emoji: false };
}

/** The `action_id` of buttons that do something here. */
export const SLACK_BUTTONS = {
  acknowledge: 'sentry.acknowledge',
  resolve: 'sentry.resolve',
} as const;

/** Buttons that act on the alert, where the channel takes them. None on a digest: whose would they be? */
function actions({ channel, alert, intent, more = [] }: Notice) {
  if (channel.interactive !== true || more.length > 0 || intent === 'resolve') return [];
  const label = (text: string) => ({ type: 'plain_text', text, emoji: false });
  const value = alert.alert_id;
  const acknowledge = {
    type: 'button',
    action_id: SLACK_BUTTONS.acknowledge,
    value,
    style: 'primary',
    text: label('Acknowledge'),
  };
  const resolve = {
    type: 'button',
    action_id: SLACK_BUTTONS.resolve,
    value,
    text: label('Resolve'),
    confirm: {
      title: label('Resolve this alert?'),
      text: label('It is over for everybody; events that come later open it again.'),
      confirm: label('Resolve'),
      deny: label('Not yet'),
    },
  };
  return intent === 'trigger' ? [acknowledge, resolve] : [resolve];
}

function button(text: string, url: string) {
  return {
    type: 'button',
    text: { type: 'plain_text', text: clip(text, BUTTON_MAX), emoji: false },
    url,
  };
}

/** Alerts that one block names; three blocks hold a whole digest. */
const NAMED_MAX = 14;

/** The further alerts of a digest, one line each, by name and id. */
function digestBlocks({ more = [], intent }: Notice) {
  const what = intent === 'resolve' ? 'resolved' : 'alerts';
  return listBlocks(`${more.length} more ${what}:`, more, intent === 'resolve');
}

/** The alerts that a group's message tells of. */
function memberBlocks({ members }: Notice) {
  if (members === undefined) return [];
  const { firing, resolved, firing_count, resolved_count } = members;
  return [
    ...listBlocks(`${countOf(firing_count, firing)} firing:`, firing, false),
    ...listBlocks(`${countOf(resolved_count, resolved)} over:`, resolved, true),
  ];
}

function countOf(count: number, named: readonly unknown[]): string {
  return count === named.length ? `${count}` : `${named.length} of ${count}`;
}

/** Alerts under a title, one line each, by name and id. */
function listBlocks(title: string, alerts: NonNullable<Notice['more']>, isOver: boolean) {
  // Escaped before the id is put behind it, so that no text can push the id out.
  const lines = alerts.map(({ alert }) => {
    const { severity, service, alert_id } = alert;
    const told = safe(`${severity} ${oneLine(alert.title, 60)} (${oneLine(service, 20)})`, 140);
    return `${isOver ? '✅' : MARKS[severity]} ${told} · alert ${alert_id}`;
  });
  const blocks = [];
  for (let from = 0; from < lines.length; from += NAMED_MAX) {
    const head = from === 0 ? [title] : [];
    const text = [...head, ...lines.slice(from, from + NAMED_MAX)];
    blocks.push({
      type: 'section',
      text: { type: 'plain_text', text: text.join('\n'), emoji: false },
    });
  }
  return blocks;
}

/** A Slack message as Block Kit for an incoming webhook (Slack: Reference, Blocks). */
export function renderSlack(notice: Notice): Record<string, unknown> {
  const { alert, intent } = notice;
  const mark =
    intent === 'resolve' ? '✅' : intent === 'acknowledge' ? '👀' : MARKS[alert.severity];
  const state = { trigger: alert.severity, acknowledge: 'Acknowledged', resolve: 'Resolved' }[
    intent
  ];
  const by = intent === 'resolve' ? alert.resolved_by : alert.acknowledged_by;
  const facts: [string, string][] = [
    ['Service', alert.service],
    ['Severity', alert.severity],
    ['Events', String(alert.count)],
    ['First seen', alert.first_seen],
    ...(intent !== 'trigger' && by !== undefined ? [['By', by] as [string, string]] : []),
    ...(alert.incident_id !== undefined
      ? [['Incident', alert.incident_id] as [string, string]]
      : []),
    ...pairs(alert.group, 4, 200),
  ];
  const link = webLink(notice.link);
  const runbook = webLink(alert.runbook_url);
  const buttons = [
    ...actions(notice),
    ...(link === undefined ? [] : [button('Open in Sentry', link)]),
    ...(runbook === undefined ? [] : [button('Runbook', runbook)]),
  ];
  const { summary, expected, observed } = alert.explain;
  const why = `${oneLine(summary, 800)} (expected ${oneLine(expected, 200)}, observed ${oneLine(observed, 200)})`;
  return {
    text: safe(`${mark} ${state}: ${alert.title} (${alert.service})`, 300),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(`${mark} ${state}: ${alert.title}`, HEADER_MAX) },
      {
        type: 'section',
        fields: facts.slice(0, 10).map(([name, value]) => plain(`${name}: ${value}`, FIELD_MAX)),
      },
      ...(intent === 'trigger' ? [{ type: 'section', text: plain(why, FIELD_MAX) }] : []),
      ...memberBlocks(notice),
      ...digestBlocks(notice),
      ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }]),
      {
        type: 'context',
        elements: [plain(`Rule ${alert.rule_id} · alert ${alert.alert_id}`, FIELD_MAX)],
      },
    ],
  };
}

/** What is added to the thread of a message that was changed in place: who did what, when. */
export function renderSlackReply({ alert, intent, at, members }: Notice): Record<string, unknown> {
  const words = {
    trigger: members
      ? `🔔 Message ${members.number}: ${members.firing_count} firing, ${members.resolved_count} over`
      : '🔔 Open again',
    acknowledge: `👀 Acknowledged by ${alert.acknowledged_by ?? 'nobody'}`,
    resolve: `✅ Resolved by ${alert.resolved_by ?? 'itself'}`,
  };
  return {
    text: safe(`${words[intent]} (${at}, ${alert.count} event(s) so far)`, 300),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}
