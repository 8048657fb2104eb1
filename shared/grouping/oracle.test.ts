import { expect, it } from 'vitest';

import { createGroupRig, type Told } from '#shared/testing/group-rig.ts';

/**
 * Alertmanager's dispatcher and deduplication, told again in a few lines: a group is looked at after its
 * wait and then with every interval; what fires and was not told, what is over and was not told, or
 * the repeat interval makes it speak; a group without alerts goes away. Times in milliseconds.
 */
function createAlertmanager(settings: { wait: number; interval: number; repeat: number }) {
  let group: { next: number; alerts: Map<string, 'firing' | 'resolved'> } | undefined;
  let log: { at: number; firing: Set<string>; resolved: Set<string> } | undefined;
  const told: Omit<Told, 'number' | 'reason'>[] = [];

  function needsUpdate(firing: string[], resolved: string[], now: number): boolean {
    if (log === undefined) return firing.length > 0;
    if (firing.some((name) => !log!.firing.has(name))) return true;
    if (firing.length === 0) return log.firing.size > 0;
    if (resolved.some((name) => !log!.resolved.has(name))) return true;
    return now - log.at >= settings.repeat;
  }
  function flush(now: number): void {
    const all = [...group!.alerts];
    const of = (state: string) =>
      all.flatMap(([name, is]) => (is === state ? [name] : [])).toSorted();
    const [firing, resolved] = [of('firing'), of('resolved')];
    if (needsUpdate(firing, resolved, now)) {
      told.push({ at: now, firing, resolved });
      log = { at: now, firing: new Set(firing), resolved: new Set(resolved) };
    }
    for (const name of resolved) group!.alerts.delete(name);
    group!.next = now + settings.interval;
    if (group!.alerts.size === 0) {
      group = undefined;
      // Nothing of it fires: what comes next is a first word again.
      log = undefined;
    }
  }
  return {
    told,
    fire(name: string, now: number) {
      group ??= { next: now + settings.wait, alerts: new Map() };
      group.alerts.set(name, 'firing');
    },
    over: (name: string) => void group?.alerts.set(name, 'resolved'),
    passTo(now: number) {
      while (group && group.next <= now) flush(group.next);
    },
  };
}

/** Numbers that look random, the same for a seed (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SEEDS = 60;
const ACTS = 40;

it(`says what Alertmanager says, at the same times, over ${SEEDS} random sequences of alerts that fire and are over`, async () => {
  let messages = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const chance = chanceOf(seed);
    const settings = { wait: 30_000, interval: 300_000, repeat: 1_800_000 };
    const rig = createGroupRig({ repeat_seconds: settings.repeat / 1000 });
    const oracle = createAlertmanager(settings);
    const firing = new Set<string>();
    let now = 0;
    const acts: string[] = [];
    for (let act = 0; act < ACTS; act++) {
      // Never on a tick, where either order would be right: those are at whole tens of seconds.
      const seconds = Math.ceil([3, 60, 400, 2_500][Math.floor(chance() * 4)]! * chance());
      const step = seconds * 1000 + (act === 0 ? 1 : 3);
      await rig.pass(step / 1000);
      now += step;
      oracle.passTo(now);
      const name = `h${Math.floor(chance() * 4)}`;
      acts.push(`${now} ${firing.has(name) ? 'over' : 'fire'} ${name}`);
      if (firing.has(name)) {
        oracle.over(name);
        await rig.over(name);
        firing.delete(name);
      } else {
        oracle.fire(name, now);
        await rig.fire(name);
        firing.add(name);
      }
    }
    await rig.pass(10_000);
    oracle.passTo(now + 10_000_000);
    const said = rig.told().map(({ at, firing: names, resolved }) => ({ at, names, resolved }));
    const wanted = oracle.told.map(({ at, firing: names, resolved }) => ({
      at: at / 1000,
      names,
      resolved,
    }));
    expect(said, `seed ${seed}: ${acts.join('; ')}`).toEqual(wanted);
    messages += said.length;
    expect(rig.timersOf('group').length).toBeLessThanOrEqual(1);
  }
  expect(messages).toBeGreaterThan(SEEDS * 10);
}, 240_000);
