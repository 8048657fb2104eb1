import { useCallback, useRef, useState } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { ApiError, reasonOf } from '#dashboard/api/problem.ts';
import type { Issue } from '#dashboard/editor/mount.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

import { readRule } from './body.ts';
import { costWords } from './columns.tsx';

/** What the server says of the text in the editor. */
export type Check =
  | { kind: 'none' }
  | { kind: 'wrong'; issues: readonly (Issue & { isId?: boolean })[] }
  | { kind: 'unknown'; message: string }
  | { kind: 'right'; trial: OperationResult<'rules.test'> };

/** Asks the server what is wrong with a text, and keeps the last answer. */
export function useCheck(ruleId: string | undefined) {
  const { call } = useApp();
  const [report, setReport] = useState<Check>({ kind: 'none' });
  const turn = useRef(0);
  const check = useCallback(
    async (text: string): Promise<readonly Issue[]> => {
      const mine = ++turn.current;
      const next = await judge(text, ruleId, (rule) => call('rules.test', { rule }));
      if (mine === turn.current) setReport(next);
      return next.kind === 'wrong' ? next.issues : failuresOf(next);
    },
    [call, ruleId],
  );
  return { check, report };
}

async function judge(
  text: string,
  ruleId: string | undefined,
  ask: (rule: Record<string, unknown>) => Promise<OperationResult<'rules.test'>>,
): Promise<Check> {
  const body = readRule(text);
  if (!body) return { kind: 'wrong', issues: [{ path: '', message: 'a rule is an object' }] };
  if (ruleId !== undefined && body.rule_id !== ruleId) {
    const message = `stays "${ruleId}": a rule of another id is a new rule`;
    return { kind: 'wrong', issues: [{ path: 'rule_id', message, isId: true }] };
  }
  try {
    return { kind: 'right', trial: await ask({ ...body }) };
  } catch (error) {
    if (error instanceof ApiError && error.issues.length > 0)
      return { kind: 'wrong', issues: error.issues };
    return { kind: 'unknown', message: reasonOf(error) };
  }
}

/** Its own tests that fail, as places in the text. */
function failuresOf(report: Check): Issue[] {
  if (report.kind !== 'right') return [];
  return report.trial.items.flatMap(({ passed, detail, expected, verdict }, index) =>
    passed === false
      ? [
          {
            path: `tests[${index}].name`,
            message: `must be ${expected} but is ${verdict}: ${detail}`,
          },
        ]
      : [],
  );
}

/** What is wrong, in words, each the way to its place; or how its tests stand. */
export function CheckReport({ report, onGo }: { report: Check; onGo: (path: string) => void }) {
  return (
    <div className="check-report" role="status">
      {report.kind === 'none' && <p className="muted">The text is checked while you write.</p>}
      {report.kind === 'unknown' && (
        <p className="muted">
          It could not be checked: <bdi>{report.message}</bdi>
        </p>
      )}
      {report.kind === 'wrong' && <Issues issues={report.issues} onGo={onGo} />}
      {report.kind === 'right' && <Trial trial={report.trial} />}
      {report.kind === 'right' && <Issues issues={failuresOf(report)} onGo={onGo} />}
    </div>
  );
}

function Issues({ issues, onGo }: { issues: readonly Issue[]; onGo: (path: string) => void }) {
  if (issues.length === 0) return null;
  return (
    <ul className="issues">
      {issues.map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          <button type="button" className="issue" onClick={() => onGo(path)}>
            <code>{path === '' ? 'the whole' : path}</code> <bdi>{message}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Trial({ trial }: { trial: OperationResult<'rules.test'> }) {
  const passed = trial.items.filter((item) => item.passed).length;
  const words =
    trial.items.length === 0
      ? 'It has no tests yet; to be enabled it needs one that fires and one that stays quiet.'
      : `${passed} of ${trial.items.length} tests pass.`;
  return (
    <p className={passed === trial.items.length && passed > 0 ? 'is-good' : ''}>
      The rule is valid. {words}{' '}
      {trial.cost_ns !== undefined && (
        <span className="muted">It costs about {costWords(trial)} for each event.</span>
      )}
    </p>
  );
}
