import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import type { DetectionRule, ListedRule } from '#shared/rule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { JsonDiff } from '#dashboard/editor/json-diff.tsx';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { actorName } from '#dashboard/shell/format.ts';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { When } from '#dashboard/shell/time.tsx';

import { RuleStateBadge } from './badge.tsx';
import { bodyOf, writeRule } from './body.ts';
import { ChangeDialog } from './change-dialog.tsx';

interface Props {
  rule: ListedRule;
  isChanged: boolean;
  onChanged: (rule: ListedRule) => void;
}

/** Every version with who, when and why; what differs between two; and the way back to one. */
export function HistoryTab({ rule, isChanged, onChanged }: Props) {
  const { call } = useApp();
  const versions = useResource(`versions ${rule.rule_id} ${rule.version}`, () =>
    call('rules.versions', { rule_id: rule.rule_id }),
  );
  return (
    <Loaded what="The history" resource={versions}>
      {({ items }) => (
        <Versions rule={rule} versions={items} isChanged={isChanged} onChanged={onChanged} />
      )}
    </Loaded>
  );
}

function Versions(props: Props & { versions: readonly DetectionRule[] }) {
  const { rule, versions, isChanged, onChanged } = props;
  const { call, toasts } = useApp();
  const { title } = useScope('sentry.policy.write');
  const [target, setTarget] = useState<number>();
  const { from, to, compare } = useCompared(versions);
  const refusal =
    title ??
    (isChanged ? 'Save or discard your changes first' : undefined) ??
    (rule.state === 'ARCHIVED' ? 'An archived rule first becomes a draft again' : undefined);
  return (
    <div className="rule-tab">
      <section className="panel" aria-label="Versions">
        <div
          className="table-scroll"
          tabIndex={0}
          role="region"
          aria-label="Versions, newest first"
        >
          <table className="table">
            <caption className="hidden">Versions, newest first</caption>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Version</th>
                <th scope="col">State</th>
                <th scope="col">Author</th>
                <th scope="col">Saved</th>
                <th scope="col">Reason</th>
                <th scope="col">
                  <span className="hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {versions.map(({ version, state, author, reason, updated_at }) => (
                <tr key={version}>
                  {(['from', 'to'] as const).map((side) => (
                    <td key={side}>
                      <input
                        type="radio"
                        name={`compare-${side}`}
                        aria-label={`Compare ${side} version ${version}`}
                        checked={(side === 'from' ? from : to)?.version === version}
                        onChange={() => compare(side, version)}
                      />
                    </td>
                  ))}
                  <td>{version}</td>
                  <td>
                    <RuleStateBadge state={state} />
                  </td>
                  <td>
                    <bdi>{actorName(author)}</bdi>
                  </td>
                  <td>
                    <When at={updated_at} />
                  </td>
                  <td className="version-reason">
                    {reason === '' ? <span className="muted">–</span> : <bdi>{reason}</bdi>}
                  </td>
                  <td>
                    {version !== rule.version && (
                      <button
                        type="button"
                        className="button button-small"
                        disabled={refusal !== undefined}
                        title={refusal}
                        onClick={() => setTarget(version)}
                      >
                        Roll back to {version}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {from && to && from.version !== to.version ? (
        <Comparison ruleId={rule.rule_id} from={from} to={to} />
      ) : (
        <p className="muted rule-note">
          {versions.length === 1
            ? 'This is its first version: there is nothing to compare it with.'
            : 'Choose two different versions to see what changed.'}
        </p>
      )}
      {target !== undefined && (
        <ChangeDialog
          title={`Roll back to version ${target}?`}
          verb="Roll back"
          needsReason
          run={(change) =>
            call('rules.rollback', {
              ...change,
              rule_id: rule.rule_id,
              version: target,
              if_version: rule.version,
            })
          }
          onDone={(changed) => {
            setTarget(undefined);
            onChanged(changed);
          }}
          onConflict={(current) => {
            setTarget(undefined);
            toasts.say(
              'failed',
              `${current.author} changed the rule just now. Look, then try again.`,
            );
          }}
          onClose={() => setTarget(undefined)}
        >
          <p>
            Version {rule.version + 1} will say what version {target} said. Its state stays{' '}
            <RuleStateBadge state={rule.state} />.
          </p>
        </ChangeDialog>
      )}
    </div>
  );
}

/** The two versions the address names; without any, the newest and the one before. */
function useCompared(versions: readonly DetectionRule[]) {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const query = new URLSearchParams(search);
  const of = (side: 'from' | 'to', fallback: DetectionRule | undefined) =>
    versions.find(({ version }) => String(version) === query.get(side)) ?? fallback;
  return {
    from: of('from', versions[1]),
    to: of('to', versions[0]),
    compare: (side: 'from' | 'to', version: number) => {
      query.set(side, String(version));
      navigate(`${path}?${query}`, { replace: true });
    },
  };
}

function Comparison(props: { ruleId: string; from: DetectionRule; to: DetectionRule }) {
  const { ruleId, from, to } = props;
  const { call } = useApp();
  const diff = useResource(`diff ${ruleId} ${from.version} ${to.version}`, () =>
    call('rules.diff', { rule_id: ruleId, from: from.version, to: to.version }),
  );
  return (
    <section className="panel" aria-labelledby="comparison-title">
      <h2 id="comparison-title">
        From version {from.version} to {to.version}
      </h2>
      <JsonDiff
        label={`From version ${from.version} to ${to.version}`}
        before={writeRule(bodyOf(from))}
        after={writeRule(bodyOf(to))}
      />
      <details className="diff-table">
        <summary>As a table</summary>
        <Loaded what="The changes" resource={diff}>
          {({ changes }) => (
            <div className="table-scroll" tabIndex={0} role="region" aria-label="Changed fields">
              <table className="table">
                <caption className="hidden">Changed fields</caption>
                <thead>
                  <tr>
                    <th scope="col">Field</th>
                    <th scope="col">Before</th>
                    <th scope="col">After</th>
                  </tr>
                </thead>
                <tbody>
                  {changes.map(({ path, before, after }) => (
                    <tr key={path}>
                      <td>
                        <code>{path}</code>
                      </td>
                      <td>
                        <Cell value={before} />
                      </td>
                      <td>
                        <Cell value={after} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Loaded>
      </details>
    </section>
  );
}

function Cell({ value }: { value: unknown }) {
  if (value === undefined) return <span className="muted">not there</span>;
  return (
    <code className="diff-value">
      <bdi>{JSON.stringify(value)}</bdi>
    </code>
  );
}
