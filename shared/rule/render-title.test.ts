import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { buildEvent } from '#shared/testing/build-event.ts';

import { fieldReader } from '#shared/event/read-field.ts';
import { renderTitle, TITLE_CHARS_MAX } from './render-title.ts';

describe('fieldReader', () => {
  const own = JSON.parse('{"constructor":{"name":"own"},"__proto__":{"x":1}}') as unknown;
  it.each([
    ['payload.user.name', { payload: { user: { name: 'ada' } } }, 'ada'],
    ['payload.user', { payload: { user: null } }, null],
    ['payload.n', { payload: { n: 0 } }, 0],
    ['payload.user.name', { payload: { user: 'ada' } }, undefined],
    ['payload.constructor.name', { payload: {} }, undefined],
    ['payload.__proto__', { payload: {} }, undefined],
    ['payload.toString', { payload: {} }, undefined],
    ['payload.constructor.name', { payload: own }, 'own'],
    ['payload.__proto__.x', { payload: own }, 1],
    ['labels.k8s.io/app', { labels: { 'k8s.io/app': 'web' } }, 'web'],
    ['payload.a.b.c', { payload: { 'a.b': { c: 1 } } }, 1],
    ['payload.a.b', { payload: { a: {}, 'a.b': 2 } }, 2],
    ['payload.items.id', { payload: { items: [{}, { id: 7 }, { id: 8 }] } }, 7],
    ['payload.tags', { payload: { tags: ['x', 'y'] } }, 'x'],
    ['payload.tags', { payload: { tags: [] } }, undefined],
    ['payload.length', { payload: [1, 2] }, undefined],
    ['payload.0', { payload: 'text' }, undefined],
    ['payload.x', null, undefined],
  ])('reads %s of %j as %j', (path, event, value) => {
    expect(fieldReader(path)(event)).toEqual(value);
  });
});

describe('renderTitle', () => {
  const title = (template: string, payload: unknown) =>
    renderTitle(template, buildEvent({ payload }));
  it.each([
    ['{payload.user.name} logged in', { user: { name: 'ada' } }, 'ada logged in'],
    ['{payload.user.name}', {}, '‹payload.user.name›'],
    ['{service}/{type}', {}, 'checkout/metric.cpu'],
    ['{payload.n} {payload.b} {payload.z}', { n: 1.5, b: false, z: null }, '1.5 false null'],
    ['{payload.o}', { o: { a: [1] } }, '{"a":[1]}'],
    ['{payload.constructor}', {}, '‹payload.constructor›'],
    ['open { and {} stay', {}, 'open { and {} stay'],
    ['{payload.x}', { x: 'a\r\nb\tc\u0000d' }, 'a b cd'],
    ['{payload.x}', { x: '\u202egnp.exe\u2066\u200f' }, 'gnp.exe'],
    ['{payload.x}', { x: 'half \ud800!' }, 'half \ufffd!'],
    ['{payload.x}', { x: '{payload.y}' }, '{payload.y}'],
    ['{payload.x}', { x: '$& $1 ${y}' }, '$& $1 ${y}'],
  ])('%j with %j is %j', (template, payload, expected) => {
    expect(title(template, payload)).toBe(expected);
  });

  it('cuts long values and long titles at whole characters', () => {
    expect(title('a {payload.x}', { x: 'x'.repeat(300_000) })).toBe(`a ${'x'.repeat(79)}…`);
    expect(title('{payload.x}', { x: '🦉'.repeat(60) })).toBe(`${'🦉'.repeat(39)}…`);
    const long = title(Array.from({ length: 9 }, () => '{payload.x}').join(''), {
      x: 'y'.repeat(70),
    });
    expect(long).toHaveLength(TITLE_CHARS_MAX);
  });

  it('never throws, is never longer than the cap, and never holds a control character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.anything(),
        (template, payload) => {
          const text = title(`${template}{payload.x}{payload}`, payload);
          expect(text.length).toBeLessThanOrEqual(TITLE_CHARS_MAX);
          expect(text).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
          expect(text.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
