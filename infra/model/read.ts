import type { Alert } from '#shared/alert/schema.ts';

import type { Call } from './process.ts';
import type { Rows, Shelf } from './rows.ts';
import type { Live } from './state.ts';

interface Read {
  /** The same text for the same answer. */
  key: string;
  value: unknown;
  says: string;
}

/** What a notifier may look at of an alert: it throws for everything else, so what is left out here cannot matter. */
const NOTIFIED_OF = ['alert_id', 'tenant', 'state', 'severity', 'rule_id', 'incident_id'] as const;
const portraits = new Map<string, object>();

/** Answers a read from the rows of a moment, as `shared/ports/work-store.ts` says. */
export function answerRead(rows: Rows, shelf: Shelf, live: Live, { name, args }: Call): Read {
  switch (name) {
    case 'work.getAlert': {
      const { id, row } = rows.at(shelf, 'alert', args[1] as string);
      const alert = row as Alert | undefined;
      const says = `reads the alert: ${alert?.state ?? 'none'}`;
      if (live.role !== 'notifier' || !alert) return { key: String(id), value: alert, says };
      const key = NOTIFIED_OF.map((field) => alert[field]).join('|');
      return { key, value: portraitOf(alert, key), says };
    }
    case 'work.getAlerts':
      return many(
        (args[1] as string[]).map((id) => rows.at(shelf, 'alert', id)),
        'reads the alert of the group',
      );
    case 'work.getPointers':
      return many(
        (args[1] as { rule_id: string; group_key: string }[]).map((group) =>
          rows.at(shelf, 'pointer', group.rule_id, group.group_key),
        ),
        'reads the pointer of the group',
      );
    case 'work.listDeliveries': {
      const all = rows.of(shelf, 'delivery', args[1] as string);
      const channel = live.role === 'notifier' ? live.on.split(' ')[0] : undefined;
      // The first thing a notifier does is to leave out other channels' rows; it is not shown them.
      const seen = all.rows
        .map((row, at) => ({ row, id: all.ids[at]! }))
        .filter(({ row }) => channel === undefined || row.channel === channel)
        .sort(
          (a, b) => a.row.step - b.row.step || (a.row.destination < b.row.destination ? -1 : 1),
        );
      return many(seen, `reads ${seen.length} deliveries`);
    }
    case 'work.getDelivery': {
      const [, alertId, step, destination] = args as [string, string, number, string];
      const { id, row } = rows.at(shelf, 'delivery', alertId, step, destination);
      return { key: String(id), value: row, says: 'reads the delivery again' };
    }
    case 'work.listTimers': {
      const { ids, rows: found } = rows.of(shelf, 'timer', args[1] as string);
      return { key: ids.join(), value: found, says: `reads ${found.length} timers` };
    }
    case 'work.getSeries':
      return many(
        (args[1] as { rule_id: string; series_key: string }[]).map((key) =>
          rows.at(shelf, 'series', key.rule_id, key.series_key),
        ),
        'reads the state of the series',
      );
    case 'work.getSeen':
      return many(
        (args[1] as { rule_id: string; series_key: string; bucket: number }[]).map((key) =>
          rows.at(shelf, 'seen', key.rule_id, key.series_key, key.bucket),
        ),
        'reads the ids it has seen',
      );
    default:
      throw new Error(`the model knows no ${name}`);
  }
}

function many(found: readonly { id: number; row: unknown }[], says: string): Read {
  return { key: found.map(({ id }) => id).join(), value: found.map(({ row }) => row), says };
}

function portraitOf(alert: Alert, key: string): object {
  const known = portraits.get(key);
  if (known) return known;
  const allowed: ReadonlySet<string> = new Set(NOTIFIED_OF);
  const made = new Proxy(alert, {
    get(target, field) {
      if (field !== 'then' && !allowed.has(String(field)))
        throw new Error(`a notifier looks at ${String(field)} of an alert, which is not modelled`);
      return Reflect.get(target, field) as unknown;
    },
  });
  portraits.set(key, made);
  return made;
}
