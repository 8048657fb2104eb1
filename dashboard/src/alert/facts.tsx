import type { ReactNode } from 'react';

import type { Alert } from '#shared/alert/schema.ts';

import { Age, When } from '#dashboard/shell/time.tsx';

/** Everything else that is known of an alert. */
export function FactsPanel({ alert }: { alert: Alert }) {
  const facts: [name: string, value: ReactNode][] = [
    ['Service', <bdi key="s">{alert.service}</bdi>],
    ['Rule', `${alert.rule_id} (version ${alert.rule_version})`],
    ...Object.entries(alert.group)
      .filter(([name]) => name !== 'service')
      .map(([name, value]): [string, ReactNode] => [name, <bdi key={name}>{value}</bdi>]),
    ['Events', `${alert.count_approximate ? '≈ ' : ''}${alert.count.toLocaleString('en')}`],
    ['Opened', <When key="o" at={alert.created_at} />],
    ['Age', <Age key="a" since={alert.created_at} />],
    ['Last event', <Age key="l" since={alert.last_seen} />],
    ['Assigned to', alert.assigned_to && <bdi key="t">{alert.assigned_to}</bdi>],
    ['Acknowledged by', alert.acknowledged_by && <bdi key="b">{alert.acknowledged_by}</bdi>],
    ['Resolved by', alert.resolved_by && <bdi key="r">{alert.resolved_by}</bdi>],
    ['Category', alert.category],
    ['Escalation', `level ${alert.escalation_level}`],
    ['Policy', alert.policy_id],
    ['Episode', alert.episode > 1 ? alert.episode : undefined],
    ['Alert id', <code key="i">{alert.alert_id}</code>],
  ];
  return (
    <section className="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined && value !== '')
          .map(([name, value]) => [
            <dt key={`${name} name`}>
              <bdi>{name}</bdi>
            </dt>,
            <dd key={name}>{value}</dd>,
          ])}
      </dl>
      {alert.runbook_url && <Runbook url={alert.runbook_url} />}
    </section>
  );
}

/** A link only for web addresses: a rule's author may have written anything. */
function Runbook({ url }: { url: string }) {
  if (!/^https?:\/\//i.test(url)) return <p>Runbook: {url}</p>;
  return (
    <p>
      <a href={url} target="_blank" rel="noreferrer">
        Runbook
      </a>
    </p>
  );
}
