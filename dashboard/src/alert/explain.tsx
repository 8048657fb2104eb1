import type { Alert } from '#shared/alert/schema.ts';

/** Why the rule fired, in its own numbers. */
export function ExplainPanel({ alert }: { alert: Alert }) {
  const { explain } = alert;
  const values = Object.entries(explain.values ?? {});
  return (
    <section className="panel" aria-labelledby="explain-title">
      <h2 id="explain-title">Why it fired</h2>
      <p className="explain-summary">
        <bdi>{explain.summary}</bdi>
      </p>
      <dl className="pair">
        <div>
          <dt>Observed</dt>
          <dd>
            <bdi>{explain.observed}</bdi>
          </dd>
        </div>
        <div>
          <dt>Expected</dt>
          <dd>
            <bdi>{explain.expected}</bdi>
          </dd>
        </div>
      </dl>
      {values.length > 0 && (
        <dl className="values">
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
