import type { OperationResult } from '#shared/api/routes.ts';

import type { Resource } from '#dashboard/api/use-resource.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';
import { When } from '#dashboard/shell/time.tsx';

interface Props {
  timeline: Resource<OperationResult<'incidents.timeline'>>;
}

/** Who did what when, oldest first. */
export function Timeline({ timeline }: Props) {
  const { value, error, reload } = timeline;
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      {!value && error && <Failed what="The timeline" message={error.message} retry={reload} />}
      {!value && !error && <Loading what="the timeline" />}
      {value && (
        <div className="table-scroll">
          <table className="table timeline">
            <thead>
              <tr>
                <th scope="col">Timestamp</th>
                <th scope="col">Actor</th>
                <th scope="col">Entry</th>
              </tr>
            </thead>
            <tbody>
              {value.items.map((entry) => (
                <tr key={entry.timeline_id}>
                  <td className="numeric">
                    <When at={entry.timestamp} />
                  </td>
                  <td>
                    <bdi>{entry.actor}</bdi>
                  </td>
                  <td>
                    <bdi>{entry.entry}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {value?.cursor && <p className="muted">Only the first 100 entries are shown here.</p>}
    </section>
  );
}
