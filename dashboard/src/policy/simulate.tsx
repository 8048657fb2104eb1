import { useState } from 'react';
import { Link, useSearch } from 'wouter';

import type { OperationParams, OperationResult } from '#shared/api/routes.ts';
import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';

import { useSave } from '#dashboard/api/use-save.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { severityWord } from '#dashboard/shell/badge.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';
import { useKnownValues } from '#dashboard/silence/use-known-values.ts';

import { SimulationResult } from './simulation-result.tsx';

/** An alert and an instant: who would be told, when and by what. `?alert=` begins with a stored one. */
export function Simulate() {
  const { call } = useApp();
  const known = useKnownValues();
  const [alertId, setAlertId] = useState(new URLSearchParams(useSearch()).get('alert') ?? '');
  const [severity, setSeverity] = useState<Severity>('CRITICAL');
  const [service, setService] = useState('');
  const [labels, setLabels] = useState('');
  const [at, setAt] = useState('');
  const [result, setResult] = useState<OperationResult<'escalations.simulate'>>();
  const run = useSave();
  const submit = () =>
    run.run(async () => {
      const alert: OperationParams<'escalations.simulate'>['alert'] = {
        severity,
        ...(service !== '' && { service }),
        labels: readLabels(labels),
      };
      setResult(
        await call('escalations.simulate', {
          ...(alertId.trim() === '' ? { alert } : { alert_id: alertId.trim() }),
          ...(at !== '' && { at: new Date(at).toISOString() }),
        }),
      );
    });
  const isImagined = alertId.trim() === '';
  return (
    <div className="simulate">
      <section className="panel" aria-labelledby="simulate-title">
        <h2 id="simulate-title">An alert opens</h2>
        <Form verb="Simulate" onSubmit={submit} isBusy={run.isBusy} error={run.error}>
          <Field label="Severity">
            {(control) => (
              <select
                {...control}
                value={severity}
                disabled={!isImagined}
                onChange={({ target }) => setSeverity(target.value as Severity)}
              >
                {SEVERITIES.toReversed().map((one) => (
                  <option key={one} value={one}>
                    {severityWord(one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Service">
            {(control) => (
              <input
                {...control}
                list="simulate-services"
                maxLength={128}
                disabled={!isImagined}
                value={service}
                onChange={({ target }) => setService(target.value)}
              />
            )}
          </Field>
          <datalist id="simulate-services">
            {known['service']?.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <Field label="Labels" hint="name=value, with commas between them">
            {(control) => (
              <input
                {...control}
                disabled={!isImagined}
                value={labels}
                onChange={({ target }) => setLabels(target.value)}
              />
            )}
          </Field>
          <Field label="Or a stored alert" hint="Its id, as if it opened then">
            {(control) => (
              <input
                {...control}
                maxLength={128}
                value={alertId}
                onChange={({ target }) => setAlertId(target.value)}
              />
            )}
          </Field>
          <Field label="At" hint="Empty: now">
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                value={at}
                onChange={({ target }) => setAt(target.value)}
              />
            )}
          </Field>
        </Form>
      </section>
      <section className="panel" aria-labelledby="told-title" aria-live="polite">
        <h2 id="told-title">Who is told, if nobody answers</h2>
        {result ? (
          <SimulationResult result={result} />
        ) : (
          <p className="muted">
            Nobody is told by trying this. It asks what production would do: policies, schedules,{' '}
            <Link href="/silences">silences</Link> and maintenance as they are now.
          </p>
        )}
      </section>
    </div>
  );
}

function readLabels(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  return Object.fromEntries(
    pairs
      .filter(([name = '']) => name.trim() !== '')
      .map(([name = '', ...rest]) => [name.trim(), rest.join('=').trim()]),
  );
}
