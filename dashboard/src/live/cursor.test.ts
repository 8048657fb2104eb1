import { describe, expect, it } from 'vitest';

import {
  awaitResult,
  isBehind,
  newCursor,
  takeFrame,
  takeHead,
  takePosition,
  type Cursor,
} from './cursor.ts';

const frame = (from: number, to = from, epoch = 'e') => ({ epoch, from, to, items: [`${from}`] });
const at = (offset: number): Cursor<string> =>
  takePosition(newCursor<string>(), { epoch: 'e', offset }).cursor;

describe('a cursor', () => {
  it('merges frames that follow on', () => {
    const first = takeFrame(at(4), frame(5));
    expect(first.items).toEqual(['5']);
    expect(takeFrame(first.cursor, frame(6, 9)).cursor.position?.offset).toBe(9);
  });

  it('leaves out a frame it has had', () => {
    const step = takeFrame(at(4), frame(3, 4));
    expect(step).toMatchObject({ items: [], next: 'nothing' });
    expect(step.cursor.position?.offset).toBe(4);
  });

  it('waits at a gap and closes it when the late frame comes', () => {
    const early = takeFrame(at(4), frame(6));
    expect(early).toMatchObject({ items: [], next: 'wait' });
    expect(isBehind(early.cursor)).toBe(true);
    const late = takeFrame(early.cursor, frame(5));
    expect(late).toMatchObject({ items: ['5', '6'], next: 'nothing' });
    expect(isBehind(late.cursor)).toBe(false);
  });

  it('asks for a snapshot when the epoch is another', () => {
    expect(takeFrame(at(4), frame(1, 1, 'f')).next).toBe('subscribe');
    expect(takeHead(at(4), { epoch: 'f', offset: 0 }).next).toBe('subscribe');
  });

  it('holds frames back until the result says where it stands, then merges what follows', () => {
    const waiting = awaitResult(newCursor<string>());
    const one = takeFrame(waiting, frame(8));
    const two = takeFrame(one.cursor, frame(7));
    expect([...one.items, ...two.items]).toEqual([]);
    const settled = takePosition(two.cursor, { epoch: 'e', offset: 7 });
    expect(settled.items).toEqual(['8']);
    expect(settled.cursor.position).toEqual({ epoch: 'e', offset: 8 });
  });

  it('notices by the head of a ping that a push was lost', () => {
    const step = takeHead(at(4), { epoch: 'e', offset: 5 });
    expect(step.next).toBe('wait');
    expect(isBehind(step.cursor)).toBe(true);
    expect(takeHead(at(4), { epoch: 'e', offset: 4 }).next).toBe('nothing');
  });
});
