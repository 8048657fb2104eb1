import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { openAlert } from '#shared/alert/open-alert.ts';
import { NO_RESPONSE } from '#shared/response/rules.ts';
import { buildContext } from '#shared/testing/build-context.ts';
import { buildEvent } from '#shared/testing/build-event.ts';
import { buildFinding } from '#shared/testing/build-finding.ts';
import { buildRule } from '#shared/testing/build-rule.ts';

import { checkRule } from './check-rule.ts';
import { renderLink } from './render-link.ts';

const link = (template: string, payload: unknown) => renderLink(template, buildEvent({ payload }));
const WIKI = 'https://wiki.example/{payload.x}';

describe('a runbook link', () => {
  it.each([
    ['https://wiki.example/{service}', {}, 'https://wiki.example/checkout'],
    [WIKI, { x: 'a b/c?d#e' }, 'https://wiki.example/a%20b%2Fc%3Fd%23e'],
    ['https://wiki.example/r?q={payload.x}&l=1', { x: 'a&b=c' }, /r\?q=a%26b%3Dc&l=1$/],
    [WIKI, {}, 'https://wiki.example/%E2%80%B9payload.x%E2%80%BA'],
    [WIKI, { x: '' }, /%E2%80%B9payload\.x%E2%80%BA$/],
    ['https://wiki.example/a/{payload.x}/b', { x: '..' }, /\/a\/%E2%80%B9payload\.x%E2%80%BA\/b$/],
    [WIKI, { x: 'half \ud800!' }, 'https://wiki.example/half%20%EF%BF%BD!'],
    [WIKI, { x: 'javascript:alert(1)' }, 'https://wiki.example/javascript%3Aalert(1)'],
    [WIKI, { x: '@evil.example' }, 'https://wiki.example/%40evil.example'],
    ['https://wiki.example/plain', {}, 'https://wiki.example/plain'],
  ])('%s with %j is a link to the rule’s own host', (template, payload, expected) => {
    const rendered = link(template, payload);
    if (typeof expected === 'string') expect(rendered).toBe(expected);
    else expect(rendered).toMatch(expected);
  });

  it.each([
    ['{payload.x}', { x: 'javascript:alert(1)' }],
    ['{payload.x}://wiki.example', { x: 'https' }],
    ['https://{payload.x}/a', { x: 'evil.example' }],
    ['https://wiki{payload.x}', { x: '.evil.example' }],
    ['javascript:{payload.x}', { x: 'alert(1)' }],
    ['https://user@wiki.example/{payload.x}', { x: 'a' }],
    ['https://[/{payload.x}', { x: 'a' }],
  ])('%s is none: no event says where people are sent', (template, payload) => {
    expect(link(template, payload)).toBeUndefined();
  });

  it('never throws and never leaves its host, whatever the event holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 99 }), fc.anything(), (text, payload) => {
        const template = `https://wiki.example/${text}{payload.x}/{payload}`;
        for (const one of [payload, { x: text }]) {
          const rendered = link(template, one);
          if (rendered !== undefined) expect(new URL(rendered).origin).toBe('https://wiki.example');
        }
      }),
    );
  });

  it('is rendered when an alert opens, from its first event', () => {
    const rule = buildRule({ runbook_url: 'https://wiki.example/{service}?type={type}' });
    const finding = buildFinding({ rule });
    const { alert } = openAlert(undefined, finding, NO_RESPONSE, buildContext({ now: 0 }));
    expect(alert.runbook_url).toBe('https://wiki.example/checkout?type=metric.cpu');
  });

  it.each([
    ['javascript:alert(1)', 'must start with https:// or http://'],
    ['https://{payload.host}/x', 'must name its host itself, without a field'],
    ['https://wiki{payload.x}.example/x', 'must name its host itself, without a field'],
    ['https://wiki.example/{payload.x', 'unclosed { at position 21'],
    ['https://wiki.example/{nothing.x}', expect.stringContaining('nothing')],
  ])('%s is refused when the rule is saved', (runbook_url, message) => {
    expect(() => checkRule(buildRule({ runbook_url }))).toThrow(
      expect.objectContaining({ issues: [{ path: 'runbook_url', message }] }),
    );
  });
});
