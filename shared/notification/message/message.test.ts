import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import type { Alert } from '#shared/alert/schema.ts';
import type { Intent } from '#shared/notification/schema.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';
import { BUILT_AT, buildAlert, buildDelivery } from '#shared/testing/build-alert.ts';

import { renderEmail } from './email.ts';
import { renderPagerDuty } from './pagerduty.ts';
import { renderSlack } from './slack.ts';
import { ascii, clip, oneLine, webLink } from './text.ts';
import { renderWebhook, signWebhook } from './webhook.ts';

function notice(alert: Partial<Alert> = {}, intent: Intent = 'trigger'): Notice {
  const delivery = buildDelivery();
  return {
    intent,
    alert: buildAlert(alert),
    delivery,
    channel: { channel_id: 'c', channel: delivery.channel, name: 'c', enabled: true },
    link: 'https://sentry.example/alerts/a',
    at: BUILT_AT,
    idempotency_key: delivery.delivery_key,
  };
}

const HOSTILE: Record<string, string> = {
  html: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  slack: '<!channel> <@U123> <https://evil.example|bank.example> *bold* `code` &lt;',
  bidi: '\u202egnp.exe\u2066\u200f',
  surrogate: 'a\ud800b\udfff',
  control: 'one\r\nBcc: all@example.com\u0000\u0007\u001b[31m',
  separators: 'a\u2028b\u2029c\u0085d',
  emoji: '👩‍👩‍👧‍👦🔥'.repeat(100),
  huge: 'x'.repeat(1_000_000),
  hugeMarkup: '<&>'.repeat(350_000),
  empty: '',
  blank: '  \u200b ',
  crlf: '\r\n',
};

/** Every text a producer can put into an alert. */
function hostile(text: string): Partial<Alert> {
  return {
    title: text,
    service: text,
    category: text,
    rule_id: text,
    runbook_url: text,
    group: { [text.slice(0, 100)]: text },
    labels: { [text.slice(0, 50)]: text },
    explain: { detector: text, summary: text, expected: text, observed: text, values: { a: text } },
  };
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [name, ...strings(part)]);
}

const INVISIBLE =
  // oxlint-disable-next-line no-control-regex -- that there is none is what is tested
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

describe.each(Object.entries(HOSTILE))('a producer’s text: %s', (_name, text) => {
  it('makes a mail whose subject is short ASCII and whose body keeps its lines', () => {
    const { subject, body } = renderEmail(notice(hostile(text)));
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(body).not.toMatch(INVISIBLE);
    expect(body.isWellFormed()).toBe(true);
    expect(body.split('\n').filter((line) => line.startsWith('Bcc'))).toEqual([]);
    expect(body.length).toBeLessThan(16_000);
  });

  it('makes a Slack message within the limits that mentions and links nobody', () => {
    const message = renderSlack(notice(hostile(text)));
    const blocks = message['blocks'] as { type: string; text?: { text: string } }[];
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks[0]!.text!.text.length).toBeLessThanOrEqual(150);
    for (const part of strings(message)) {
      expect(part).not.toMatch(/[<>]/);
      expect(part.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
      expect(part).not.toMatch(INVISIBLE);
      expect(part.isWellFormed()).toBe(true);
      expect(part.length).toBeLessThanOrEqual(2_000);
    }
    expect(JSON.stringify(message)).not.toContain('"mrkdwn","');
  });

  it('makes a PagerDuty event within the limits', () => {
    const event = renderPagerDuty(notice(hostile(text)), 'R0');
    const payload = event['payload'] as Record<string, string>;
    expect(payload['summary']!.length).toBeLessThanOrEqual(1024);
    expect(payload['source']!.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(512 * 1024);
    for (const part of strings(event)) {
      expect(part.isWellFormed()).toBe(true);
      expect(part).not.toMatch(INVISIBLE);
    }
  });

  it('makes a CloudEvent that strict parsers take', () => {
    const body = renderWebhook(notice(hostile(text)));
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256 * 1024);
    expect(body).not.toMatch(/\\ud[89ab][0-9a-f]{2}/i);
    expect(JSON.parse(body)).toMatchObject({ specversion: '1.0', type: 'sentry.alert.opened' });
  });
});

describe('a digest', () => {
  const more = (count: number, alert: Partial<Alert> = {}) =>
    Array.from({ length: count }, (_, n) => ({
      alert: buildAlert({ ...alert, alert_id: `digest${String(n).padStart(20, 'a')}` }),
      link: `https://sentry.example/alerts/${n}`,
    }));

  it('names every alert in it, by its id too, in chat and mail', () => {
    const full = { ...notice(), more: more(40) };
    const chat = JSON.stringify(renderSlack(full));
    const mail = renderEmail(full);
    for (const { alert, link } of full.more) {
      expect(chat).toContain(`alert ${alert.alert_id}`);
      expect(mail.body).toContain(`Alert ${alert.alert_id}`);
      expect(mail.body).toContain(link);
    }
    expect(chat).toContain('40 more alerts:');
    expect(mail.subject).toBe('[ERROR] checkout: CPU of checkout is high (+40 more)');
  });

  it.each(Object.entries(HOSTILE))('keeps to the limits with the text %s', (_name, text) => {
    const full = { ...notice(hostile(text)), more: more(40, hostile(text)) };
    const { blocks } = renderSlack(full) as { blocks: { type: string; text?: { text: string } }[] };
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks) expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000);
    for (const { alert } of full.more) expect(JSON.stringify(blocks)).toContain(alert.alert_id);
    const { subject, body } = renderEmail(full);
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(Buffer.byteLength(body)).toBeLessThan(256 * 1024);
  });
});

describe('renderEmail', () => {
  it('says what, why, when, where, and how to acknowledge', () => {
    const { subject, body } = renderEmail(notice());
    expect(subject).toBe('[ERROR] checkout: CPU of checkout is high');
    for (const part of ['matched', BUILT_AT, 'https://sentry.example/alerts/a', 'Acknowledge'])
      expect(body).toContain(part);
  });
});

describe('renderSlack', () => {
  it('has a header, the facts, the reason and a button that opens the alert', () => {
    const message = renderSlack(notice());
    expect(message['text']).toBe('🟠 ERROR: CPU of checkout is high (checkout)');
    expect(message['blocks']).toMatchObject([
      { type: 'header', text: { type: 'plain_text' } },
      { type: 'section' },
      { type: 'section' },
      { type: 'actions', elements: [{ type: 'button', url: 'https://sentry.example/alerts/a' }] },
      { type: 'context' },
    ]);
  });

  it('has buttons that act only where the channel takes them, and where it is clear on which alert', () => {
    const pressable = (told: Notice) =>
      JSON.stringify(renderSlack(told)).match(/sentry\.(?:acknowledge|resolve)/gu);
    const channel = { ...notice().channel, interactive: true };
    expect(pressable(notice())).toBeNull();
    expect(pressable({ ...notice(), channel })).toEqual(['sentry.acknowledge', 'sentry.resolve']);
    expect(pressable({ ...notice({}, 'acknowledge'), channel })).toEqual(['sentry.resolve']);
    expect(pressable({ ...notice({}, 'resolve'), channel })).toBeNull();
    const more = [{ alert: buildAlert(), link: '' }];
    expect(pressable({ ...notice(), channel, more })).toBeNull();
  });

  it('leaves the button out where there is no web address, because Slack refuses the whole message', () => {
    const message = renderSlack({ ...notice(), link: '/alerts/a' });
    expect(JSON.stringify(message)).not.toContain('button');
  });

  it('names who resolved', () => {
    const message = renderSlack(notice({ state: 'RESOLVED', resolved_by: 'user:ada' }, 'resolve'));
    expect(JSON.stringify(message)).toContain('By: user:ada');
  });
});

describe('renderPagerDuty', () => {
  it('is an Events v2 trigger whose dedup key is the alert', () => {
    expect(renderPagerDuty(notice({ severity: 'WARN' }), 'R0')).toMatchObject({
      routing_key: 'R0',
      event_action: 'trigger',
      dedup_key: buildAlert().alert_id,
      payload: {
        summary: 'checkout: CPU of checkout is high',
        source: 'checkout',
        severity: 'warning',
        timestamp: BUILT_AT,
        component: 'checkout',
        group: 'service=checkout',
        class: 'cpu-high',
        custom_details: { why: 'matched' },
      },
      links: [{ href: 'https://sentry.example/alerts/a', text: 'Open in Sentry' }],
      client: 'Hearthlink Sentry',
      client_url: 'https://sentry.example/alerts/a',
    });
  });

  it.each(['acknowledge', 'resolve'] as const)('%s carries only the key', (intent) => {
    expect(renderPagerDuty(notice({}, intent), 'R0')).toEqual({
      routing_key: 'R0',
      event_action: intent,
      dedup_key: buildAlert().alert_id,
    });
  });
});

describe('renderWebhook', () => {
  it('is the same event when it is repeated', () => {
    const first = renderWebhook(notice());
    expect(renderWebhook({ ...notice(), at: '2026-03-02T00:00:00.000Z' })).toBe(first);
  });

  it('calls a second opening a reopening', () => {
    const again = notice();
    again.delivery = { ...again.delivery, desired_at: '2026-03-01T13:00:00.000Z' };
    expect(JSON.parse(renderWebhook(again))).toMatchObject({ type: 'sentry.alert.reopened' });
  });

  it('is signed over timestamp and body', () => {
    const expected = createHmac('sha256', 'k').update('v1:1772366400:{}').digest('hex');
    expect(signWebhook('k', 1772366400, '{}')).toBe(`v1=${expected}`);
  });
});

describe('text', () => {
  it('cuts between characters', () => {
    expect(clip('a🔥b', 3)).toBe('a…');
    expect(clip('abc', 3)).toBe('abc');
    expect(oneLine('🔥'.repeat(10), 5).isWellFormed()).toBe(true);
  });

  it('writes what it can in ASCII', () => {
    expect(ascii('Überlauf – naïve 🔥')).toMatch(/^Uberlauf \? naive \?+$/);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '/alerts/a',
    '',
    `https://x/${'a'.repeat(3000)}`,
  ])('links no %s', (address) => {
    expect(webLink(address)).toBeUndefined();
  });
});
