import { useState } from 'react';
import { Link, useLocation } from 'wouter';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { Menu } from '#dashboard/shell/part/menu.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Tabs } from '#dashboard/shell/part/tabs.tsx';
import { reasonOf } from '#dashboard/api/problem.ts';
import { saveFile } from '#dashboard/api/save-file.ts';

import { ImportDialog } from './import-dialog.tsx';
import { patternWords } from './pattern.ts';
import { Simulate } from './simulate.tsx';
import { extraLines, stepLines } from './step-words.ts';
import { areShipped, usePolicies } from './use-policies.ts';

import '#dashboard/silence/silence.css';
import './policy.css';

/** `/policies`: who is told of which alerts, in the order in which policies are tried. */
export function PolicyListScreen() {
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Escalation policies</h1>
      </div>
      <Tabs
        label="Escalation policies"
        tabs={[
          { word: 'list', name: 'Policies', content: () => <Policies /> },
          { word: 'simulate', name: 'Simulate', content: () => <Simulate /> },
        ]}
      />
    </main>
  );
}

function Policies() {
  const { call, toasts } = useApp();
  const [, navigate] = useLocation();
  const { title: refusal } = useScope('sentry.policy.write');
  const list = usePolicies();
  const [isImporting, setImporting] = useState(false);
  const exportAll = async () => {
    try {
      const policies = await call('escalations.export', {});
      saveFile('sentry-policies.json', 'application/json', JSON.stringify(policies, undefined, 2));
    } catch (error) {
      toasts.say('failed', `Not exported: ${reasonOf(error)}`);
    }
  };
  return (
    <>
      <div className="filter-bar">
        <p className="muted">The first that matches an alert, from the top, tells people of it.</p>
        <div className="screen-actions">
          <Menu
            label="Import and export"
            items={[
              { name: 'Export as JSON', run: () => void exportAll() },
              { name: 'Import …', run: () => setImporting(true), refusal },
            ]}
          />
          <button
            type="button"
            className="button button-primary"
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => navigate('/policies/new')}
          >
            New policy
          </button>
        </div>
      </div>
      <Loaded what="Policies" resource={list}>
        {(policies) => (
          <>
            {areShipped(policies) && (
              <p className="lead-note">
                These are the policies everybody starts with. The first one that you change or make
                turns all of them into your own.
              </p>
            )}
            <ol className="cards">
              {policies.map((policy, index) => (
                <li
                  key={policy.policy_id}
                  className={`card ${policy.enabled ? '' : 'is-disabled'}`}
                  data-policy-id={policy.policy_id}
                >
                  <span className="order" aria-label={`Tried as number ${index + 1}`}>
                    {index + 1}
                  </span>
                  <div className="card-main">
                    <p className="card-title">
                      <Link href={`/policies/${policy.policy_id}`}>
                        <bdi>{policy.name}</bdi>
                      </Link>
                      {!policy.enabled && <span className="state">disabled</span>}
                    </p>
                    <p>
                      <span className="muted">For </span>
                      <bdi>{patternWords(policy.match)}</bdi>
                    </p>
                    <ul className="step-lines">
                      {stepLines(policy).map((line) => (
                        <li key={line}>
                          <bdi>{line}</bdi>
                        </li>
                      ))}
                    </ul>
                    {extraLines(policy).length > 0 && (
                      <p className="muted">
                        <bdi>{extraLines(policy).join('; ')}</bdi>
                      </p>
                    )}
                  </div>
                </li>
              ))}
            </ol>
          </>
        )}
      </Loaded>
      {isImporting && (
        <ImportDialog
          onClose={() => setImporting(false)}
          onDone={() => {
            setImporting(false);
            list.reload();
          }}
        />
      )}
    </>
  );
}
