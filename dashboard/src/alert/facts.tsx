import type { ReactNode } from 'react';
import { Link } from 'wouter';

import type { Alert } from '#shared/alert/schema.ts';

import { Age, When } from '#dashboard/shell/time.tsx';

/** Everything else that is known of an alert. */
export function FactsPanel({ alert }: { alert: Alert }) {
  const facts: [name: string, value: ReactNode][] = [
    ['Service', <bdi key="s">{alert.service}</bdi>],
    ['Rule', ruleLink(alert)],
    ...Object.entries(alert.group)
      .filter(([name]) => name !== 'service')
      .map(([name, value]): [string, ReactNode] => [name, <bdi key={name}>{value}</bdi>]),
    ['Events', `${alert.count_approximate ? '≈ ' : ''}${alert.count.toLocaleString('en')}`],
    ['Opened', <When key="o" at={alert.created_at} />],
    ['Age', <Age key="a" since={alert.created_at} />],
    ['Last event', <Age key="l" since={alert.last_seen} />],
    ['Assigned to', alert.assigned_to && <bdi key="t">{alert.assigned_to}</bdi>],
    ['Acknowledged by', acknowledgedBy(alert)],
    ['Resolved by', alert.resolved_by && <bdi key="r">{alert.resolved_by}</bdi>],
    ['Incident', incidentLink(alert)],
    ['Category', alert.category],
    ['Escalation', `level ${alert.escalation_level}`],
    [alert.state === 'ACK' ? 'Acknowledged until' : 'Next step', nextAt(alert)],
    ['Policy', alert.policy_id],
    ['Goes by itself', goesByItself(alert)],
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

/** How likely it is to be over within minutes, where that is worth knowing. */
function goesByItself({ fatigue_score = 0 }: Alert): string | undefined {
  if (fatigue_score < 0.5) return undefined;
  return `within 5 min, ${Math.round(fatigue_score * 100)} % likely`;
}

function nextAt({ next_escalation_at: at }: Alert): ReactNode {
  return at && <When key="n" at={at} />;
}

/** Who has it, or how many of the people needed have said so. */
function acknowledgedBy(alert: Alert): ReactNode {
  const { acknowledged_by, acknowledgements, acknowledgements_needed: needed = 1 } = alert;
  if (needed === 1 || !acknowledgements)
    return acknowledged_by && <bdi key="b">{acknowledged_by}</bdi>;
  const people = acknowledgements.map(({ actor }) => actor).join(', ');
  return <bdi key="b">{`${acknowledgements.length} of ${needed}: ${people}`}</bdi>;
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

function incidentLink({ incident_id }: Alert): ReactNode {
  if (incident_id === undefined) return undefined;
  return <Link href={`/incidents/${incident_id}`}>{incident_id.slice(0, 8)}</Link>;
}

function ruleLink({ rule_id, rule_version }: Alert): ReactNode {
  return (
    <>
      <Link href={`/rules/${encodeURIComponent(rule_id)}`}>{rule_id}</Link> (version {rule_version})
    </>
  );
}
