import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { Toasts } from './toast.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const texts = (toasts: Toasts) => toasts.list().map(({ text }) => text);

it('a message that can be undone stays for 8 s, and longer while somebody is at it', () => {
  const toasts = new Toasts();
  toasts.say('done', 'acknowledged', () => {});
  vi.advanceTimersByTime(7_900);
  expect(texts(toasts)).toEqual(['acknowledged']);
  const [{ id } = { id: 0 }] = toasts.list();
  toasts.pause(id);
  vi.advanceTimersByTime(60_000);
  expect(texts(toasts)).toEqual(['acknowledged']);
  toasts.resume(id);
  vi.advanceTimersByTime(8_000);
  expect(texts(toasts)).toEqual([]);
});

it('four messages are shown, the newest last; one that is taken back is gone at once', () => {
  const toasts = new Toasts();
  for (const text of ['1', '2', '3', '4']) toasts.say('done', text);
  const unsay = toasts.say('failed', '5');
  expect(texts(toasts)).toEqual(['2', '3', '4', '5']);
  unsay();
  expect(texts(toasts)).toEqual(['2', '3', '4']);
});
