import { SCOPES } from '#shared/access/scope.ts';
import type { OutboxRow } from '#shared/audit/schema.ts';
import type { TimerKind } from '#shared/escalation/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { Channel } from '#shared/notification/schema.ts';
import { buildEvent } from '#shared/testing/build-finding.ts';
import { buildRecord } from '#shared/testing/detect-harness.ts';

import type { Cast, WorldPorts } from './cast.ts';
import type { Program } from './process.ts';
import type { Role } from './state.ts';

type Ask = Parameters<Program['run']>[0];

/** The code that each part of a cast runs, by what it works on. */
export function programs(
  cast: Cast,
  outbox: ReadonlyMap<string, OutboxRow>,
): (role: Role, on: string, owner: string) => Program {
  const known = new Map<string, Program>();
  return (role, on, owner) => {
    const key = `${role} ${on} ${owner}`;
    const found = known.get(key);
    if (found) return found;
    const program: Program = {
      key,
      run: (ask, clock) => {
        const ports = portsOf(ask);
        const ctx: Context = {
          tenant: 't1',
          actor: role === 'detector' ? 'system:detect' : 'user:rosa',
          scopes: new Set(SCOPES),
          correlation_id: 'c-1',
          newId: () => owner,
          now: () => clock.now,
        };
        return play(cast, ports, ctx, role, on, outbox);
      },
    };
    known.set(key, program);
    return program;
  };
}

async function play(
  cast: Cast,
  ports: WorldPorts,
  ctx: Context,
  role: Role,
  on: string,
  outbox: ReadonlyMap<string, OutboxRow>,
): Promise<unknown> {
  switch (role) {
    case 'detector':
      return cast.detect(ports, ctx, buildRecord(Number(on), buildEvent(Number(on))));
    case 'publisher':
      return cast.publish(ports, ctx, outbox.get(on)!);
    case 'notifier': {
      const [channel, alert_id = ''] = on.split(' ');
      return cast.notify(ports, ctx, { alert_id, channel: channel as Channel });
    }
    case 'timer': {
      const [alert_id = '', kind, step] = on.split(' ');
      return cast.takeTimer(ports, ctx, { alert_id, kind: kind as TimerKind, step: Number(step) });
    }
    case 'ack':
      return cast.acknowledge(ports, ctx, on);
    case 'unack':
      return cast.unacknowledge(ports, ctx, on);
    case 'resolve':
      break;
  }
  return cast.resolve(ports, ctx, on);
}

/** Ports of which every call is asked of the world. */
function portsOf(ask: Ask): WorldPorts {
  const port = (name: string, own: object = {}) =>
    new Proxy(own, {
      get:
        (target, method) =>
        (...args: unknown[]) =>
          method in target
            ? Reflect.get(target, method)(...args)
            : ask(`${name}.${String(method)}`, args),
    });
  /** One query is no snapshot: what others commit meanwhile may be in some of its rows and not in others. */
  const getAlertRows = async (...of: unknown[]) => {
    const alert = await ask('work.getAlert', of);
    const deliveries = await ask('work.listDeliveries', of);
    const timers = await ask('work.listTimers', of);
    return { ...(alert !== undefined && { alert }), deliveries, timers };
  };
  return {
    work: port('work', { getAlertRows }),
    sender: port('sender'),
    bus: port('bus'),
    journal: port('journal'),
  } as unknown as WorldPorts;
}
