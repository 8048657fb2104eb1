import { describe, expect, it } from 'vitest';

import { decodeRecord } from '#shared/event/decode.ts';

import { reasonOf } from './reason.ts';

const arrival = { tenant: 'default', arrived_at_ms: 0 };
const event = { source: 'a', type: 'b' };

describe('why a record is held', () => {
  it.each([
    '',
    '\u00ff\u00fe',
    '{',
    '7',
    '{"source":"a"}',
    '{"source":1,"type":"b"}',
    JSON.stringify({ ...event, severity: 'urgent-ish' }),
    JSON.stringify({ ...event, category: 'none' }),
    '{"source":"a","type":"b","__proto__":{}}',
    '{"specversion":"0.3","id":"1","source":"a","type":"b"}',
    '{"messageType":"OTHER","logEvents":[]}',
    `${'['.repeat(80)}${']'.repeat(80)}`,
    '\u001f\u008bbroken',
  ])('is said in words, with what to do: %j', (text) => {
    const { rejects } = decodeRecord(Buffer.from(text, 'latin1'), arrival);
    expect(rejects).toHaveLength(1);
    const { reason } = rejects[0]!;
    expect(reasonOf(reason).words).not.toBe(reason);
  });

  it('is named as it came when it is a new one', () => {
    expect(reasonOf('brand_new').words).toBe('brand_new');
    expect(reasonOf('brand_new').advice).not.toBe('');
  });
});
