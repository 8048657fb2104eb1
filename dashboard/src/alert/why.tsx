import { useState } from 'react';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';
import { Panel } from '#dashboard/shell/part/panel.tsx';
import { When } from '#dashboard/shell/time.tsx';

interface Props {
  alertId: string;
  /** The alert's; what is shown is asked anew when it grows. */
  version: number;
}

/** Why people were told, or were not: asked only when somebody wants to know. */
export function WhyPanel(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel title="Who was told, and why not others">
      {isOpen ? (
        <Reasons {...props} />
      ) : (
        <button type="button" className="button" onClick={() => setOpen(true)}>
          Show each decision
        </button>
      )}
    </Panel>
  );
}

function Reasons({ alertId, version }: Props) {
  const { call } = useApp();
  const { value, error, reload } = useResource(`why ${alertId} ${version}`, () =>
    call('explain.get', { alert: alertId }),
  );
  if (!value && error)
    return <Failed what="The explanation" message={error.message} retry={reload} />;
  if (!value) return <Loading what="the explanation" />;
  return (
    <>
      <p>
        <bdi>{value.sentence}</bdi>
      </p>
      <div className="table-scroll">
        <table className="table timeline">
          <thead>
            <tr>
              <th scope="col">Timestamp</th>
              <th scope="col">Reason</th>
              <th scope="col">Decision</th>
            </tr>
          </thead>
          <tbody>
            {value.lines.map((line, index) => (
              // Lines have no id and never change places within one answer.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index}>
                <td className="numeric">
                  <When at={line.at} />
                </td>
                <td>{line.outcome.replaceAll('_', ' ')}</td>
                <td>
                  <bdi>{line.sentence}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {value.truncated && <p className="muted">There is more than is shown here.</p>}
    </>
  );
}
