import type { Shift } from '#shared/schedule/schema.ts';

import { wallWords } from './zone.ts';

interface Props {
  shifts: readonly Shift[];
  gaps: readonly { from: string; to: string }[];
  zone: string;
}

/** What the calendar draws, in words: who is on call from when to when, and when nobody is. */
export function ShiftTable({ shifts, gaps, zone }: Props) {
  const end = shifts.at(-1)?.to ?? '';
  const rows: (Partial<Shift> & Pick<Shift, 'from' | 'to'>)[] = [
    ...shifts,
    ...gaps.filter(({ from }) => from <= end),
  ].toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  return (
    <details className="shift-details">
      <summary>The same as a table</summary>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Shifts, as a table">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Who</th>
              <th scope="col">By</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.from}>
                <td>{wallWords(row.from, zone)}</td>
                <td>{wallWords(row.to, zone)}</td>
                <td>
                  {row.user !== undefined ? (
                    <bdi>{row.user}</bdi>
                  ) : (
                    <strong className="is-bad">nobody</strong>
                  )}
                </td>
                <td>
                  {row.user !== undefined && (
                    <bdi className="muted">
                      {row.override_id === undefined ? row.layer : 'override'}
                    </bdi>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
