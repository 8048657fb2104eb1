import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { ageWords } from '#dashboard/shell/format.ts';

const DAYS = 30;

/** How the incidents of the last 30 days went. */
export function Metrics() {
  const { call } = useApp();
  const { value } = useResource('incident metrics', () =>
    call('incidents.metrics', { days: DAYS }),
  );
  if (!value || value.incidents === 0) return null;
  const { seconds_to_acknowledge: mtta, seconds_to_resolve: mttr } = value;
  return (
    <dl className="values incident-figures" aria-label={`The last ${DAYS} days`}>
      <Figure name={`Incidents in ${DAYS} days`} text={String(value.incidents)} />
      <Figure name="Mean time to acknowledge" text={secondsWords(mtta.mean)} />
      <Figure name="Mean time to resolve" text={secondsWords(mttr.mean)} />
    </dl>
  );
}

function Figure({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

/** A time in words; a dash while there is none. */
export function secondsWords(seconds: number | null): string {
  return seconds === null ? '—' : ageWords(seconds * 1000);
}
