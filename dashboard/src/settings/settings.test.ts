import { describe, expect, it } from 'vitest';

import { keepSettings, parseSettings } from './settings.ts';

const keep = (entries: Record<string, string> = {}) => {
  const map = new Map(Object.entries(entries));
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
};

describe('settings', () => {
  it('are as shipped where nothing, or nonsense, is kept', () => {
    const shipped = parseSettings(keep());
    expect(shipped).toEqual({
      theme: 'dark',
      density: 'comfortable',
      clock: 'local',
      keys: 'on',
      sound: [],
      notify: [],
    });
    expect(parseSettings(keep({ 'sentry.theme': 'pink', 'sentry.sound': 'LOUD,,' }))).toEqual(
      shipped,
    );
  });

  it('come back as they were kept', () => {
    const kept = keep();
    keepSettings(kept, { theme: 'contrast', keys: 'off', sound: ['ERROR', 'CRITICAL'] });
    expect(parseSettings(kept)).toMatchObject({
      theme: 'contrast',
      keys: 'off',
      sound: ['ERROR', 'CRITICAL'],
      clock: 'local',
    });
  });
});
