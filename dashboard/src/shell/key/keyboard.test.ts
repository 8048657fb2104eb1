import { describe, expect, it, vi } from 'vitest';

import { Keyboard } from './keyboard.ts';

const stroke = (key: string, isMod = false) => ({ key, isMod, isAlt: false });
const binding = (keys: string, run = () => {}) => ({ keys, what: keys, group: 'Test', run });

describe('a keyboard', () => {
  it('finds a key, a sequence, and one with Ctrl', () => {
    const keyboard = new Keyboard();
    keyboard.add(['a', 'g a', 'Mod+k'].map((keys) => binding(keys)));
    expect(keyboard.find(stroke('a'), true, 0)?.keys).toBe('a');
    expect(keyboard.find(stroke('g'), true, 10)).toBeUndefined();
    expect(keyboard.find(stroke('a'), true, 20)?.keys).toBe('g a');
    expect(keyboard.find(stroke('K', true), true, 30)?.keys).toBe('Mod+k');
    expect(keyboard.find(stroke('k'), true, 40)).toBeUndefined();
  });

  it('forgets the start of a sequence that is not gone on with', () => {
    const keyboard = new Keyboard();
    keyboard.add([binding('g a'), binding('a')]);
    keyboard.find(stroke('g'), true, 0);
    expect(keyboard.find(stroke('a'), true, 5_000)?.keys).toBe('a');
    keyboard.find(stroke('g'), true, 6_000);
    keyboard.find(stroke('x'), true, 6_100);
    expect(keyboard.find(stroke('a'), true, 6_200)?.keys).toBe('a');
  });

  it('leaves single keys alone when they are switched off, never those with Ctrl', () => {
    const keyboard = new Keyboard();
    keyboard.add([binding('a'), binding('g a'), binding('Mod+k')]);
    expect(keyboard.find(stroke('a'), false, 0)).toBeUndefined();
    keyboard.find(stroke('g'), false, 0);
    expect(keyboard.find(stroke('a'), false, 10)).toBeUndefined();
    expect(keyboard.find(stroke('k', true), false, 20)?.keys).toBe('Mod+k');
  });

  it('gives a key to whoever took it last, and back', () => {
    const keyboard = new Keyboard();
    const [screen, dialog] = [vi.fn(), vi.fn()];
    keyboard.add([binding('j', screen)]);
    const release = keyboard.add([binding('j', dialog)]);
    expect(keyboard.list()).toHaveLength(1);
    keyboard.find(stroke('j'), true, 0)?.run();
    release();
    keyboard.find(stroke('j'), true, 1)?.run();
    expect([dialog.mock.calls.length, screen.mock.calls.length]).toEqual([1, 1]);
  });
});
