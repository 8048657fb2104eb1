import { describe, expect, it } from 'vitest';

import { createMemoryLaneStore } from '#shared/adapters/memory/memory-lane-store.ts';

import { horizonOf, noteLane } from './note-lane.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

describe('noteLane', () => {
  it('writes once while a lane is in time, at each batch while it is behind, and when it has caught up', async () => {
    const store = createMemoryLaneStore();
    const notes: string[] = [];
    const ports = {
      lanes: {
        note: async (lane: Parameters<typeof store.note>[0]) => void notes.push(lane.arrived_at),
      },
      lane_notes: new Map<string, boolean>(),
    };
    const note = (behindMs: number) => noteLane(ports, { now: () => NOW }, 's', NOW - behindMs);
    for (const behindMs of [0, 0, MINUTE, 5 * MINUTE, 4 * MINUTE, 10, 0]) await note(behindMs);
    expect(notes).toEqual([0, 5 * MINUTE, 4 * MINUTE, 10].map((ms) => iso(NOW - ms)));
  });

  it('notes a shard again after a note was lost', async () => {
    let noted = 0;
    const lanes = {
      note: () => (noted++ === 0 ? Promise.reject(new Error('x')) : Promise.resolve()),
    };
    const ports = { lanes, lane_notes: new Map<string, boolean>() };
    const note = () => noteLane(ports, { now: () => NOW }, 's', NOW);
    await expect(note()).rejects.toThrow('x');
    await note();
    await note();
    expect(noted).toBe(2);
  });
});

describe('horizonOf', () => {
  const lane = (arrivedAgoMs: number, notedAgoMs: number) => ({
    shard: `${arrivedAgoMs}`,
    arrived_at: iso(NOW - arrivedAgoMs),
    noted_at: iso(NOW - notedAgoMs),
  });

  it('is now while every lane is in time, however long ago it said so', () => {
    expect(horizonOf([], NOW)).toBe(NOW);
    expect(horizonOf([lane(0, 0), lane(99 * MINUTE, 99 * MINUTE)], NOW)).toBe(NOW);
  });

  it('is where the lane stands that is furthest behind, and forgets lanes that work no more', () => {
    expect(horizonOf([lane(7 * MINUTE, 0), lane(9 * MINUTE, MINUTE)], NOW)).toBe(NOW - 9 * MINUTE);
    expect(horizonOf([lane(99 * MINUTE, 5 * MINUTE)], NOW)).toBe(NOW);
  });
});
