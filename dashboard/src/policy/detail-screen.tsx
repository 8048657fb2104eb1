import { useLocation } from 'wouter';

import type { EscalationPolicy } from '#shared/escalation/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { actorName } from '#dashboard/shell/format.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { CopyButton } from '#dashboard/shell/copy-button.tsx';
import { Detail, DetailFrame } from '#dashboard/shell/part/detail.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { When } from '#dashboard/shell/time.tsx';
import { useRemoval } from '#dashboard/silence/use-removal.ts';

import { PolicyForm } from './form.tsx';
import { patternWords } from './pattern.ts';
import { stepLines } from './step-words.ts';
import { bodyOf } from './use-policies.ts';

import '#dashboard/silence/silence.css';
import './policy.css';

const BACK = { href: '/policies', name: 'All policies' };

/** `/policies/:id`: one policy, to read and to change; `/policies/new` makes one. */
export function PolicyDetailScreen({ id }: { id: string }) {
  const { call } = useApp();
  const [, navigate] = useLocation();
  const isNew = id === 'new';
  const policy = useResource(`policy ${id}`, async () =>
    isNew ? undefined : call('escalations.get', { policy_id: id }),
  );
  if (isNew)
    return (
      <Detail back={BACK} title="New policy">
        <section className="panel">
          <PolicyForm
            policy={undefined}
            onSaved={(made) => navigate(`/policies/${made}`)}
            onReload={policy.reload}
          />
        </section>
      </Detail>
    );
  const found = policy.value;
  if (!found || found.removed === true)
    return (
      <DetailFrame back={BACK}>
        <h1 className="hidden">Escalation policy</h1>
        {found || policy.error?.code === 'not_found' ? (
          <Empty title="There is no such policy.">
            <p>It may have been removed, or belong to another tenant.</p>
          </Empty>
        ) : (
          <Loaded what="The policy" resource={policy}>
            {() => null}
          </Loaded>
        )}
      </DetailFrame>
    );
  return (
    <Detail
      back={BACK}
      title={found.name}
      badges={
        <>
          <span className="state">{found.enabled ? 'enabled' : 'disabled'}</span>
          <span className="muted">
            version {found.version}, <bdi>{actorName(found.author)}</bdi>
          </span>
        </>
      }
      actions={<Controls policy={found} />}
      side={<Versions policy={found} />}
    >
      <section className="panel" aria-label="The policy">
        <PolicyForm
          key={found.version}
          policy={found}
          onSaved={policy.reload}
          onReload={policy.reload}
        />
      </section>
    </Detail>
  );
}

function Controls({ policy }: { policy: EscalationPolicy }) {
  const { call } = useApp();
  const [, navigate] = useLocation();
  const { title } = useScope('sentry.policy.write');
  const isShipped = policy.updated_at.startsWith('1970-');
  const refusal = title ?? (isShipped ? 'A shipped policy can be changed, not removed' : undefined);
  const remove = useRemoval(() => navigate('/policies'));
  const { policy_id, version, name } = policy;
  return (
    <div className="controls">
      <CopyButton text={JSON.stringify(bodyOf(policy), undefined, 2)} label="Copy as JSON" />
      <button
        type="button"
        className="button"
        disabled={refusal !== undefined}
        title={refusal}
        onClick={() =>
          remove({
            title: 'Remove this policy?',
            text: `Alerts that “${name}” was for go to the next policy that matches. Alerts that it escalates now take no further step of it. Without any policy of your own the shipped ones hold again.`,
            write: () => call('escalations.delete', { policy_id, if_version: version }),
          })
        }
      >
        Remove
      </button>
    </div>
  );
}

function Versions({ policy }: { policy: EscalationPolicy }) {
  const { call } = useApp();
  const { policy_id, version } = policy;
  const versions = useResource(`policy versions ${policy_id} ${version}`, async () => {
    if (policy.updated_at.startsWith('1970-')) return [policy];
    return (await call('escalations.versions', { policy_id })).items;
  });
  return (
    <section className="panel" aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      <Loaded what="Versions" resource={versions}>
        {(items) => (
          <ul className="evidence">
            {items.map((one) => (
              <li key={one.version}>
                <details>
                  <summary>
                    {one.version} <bdi>{actorName(one.author)}</bdi>
                    {!one.updated_at.startsWith('1970-') && <When at={one.updated_at} />}
                    {one.removed === true && <span className="state">removed</span>}
                  </summary>
                  <p>
                    For <bdi>{patternWords(one.match)}</bdi>
                  </p>
                  <ul className="step-lines">
                    {stepLines(one).map((line) => (
                      <li key={line}>
                        <bdi>{line}</bdi>
                      </li>
                    ))}
                  </ul>
                  <CopyButton
                    text={JSON.stringify(bodyOf(one), undefined, 2)}
                    label="Copy as JSON"
                  />
                </details>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
