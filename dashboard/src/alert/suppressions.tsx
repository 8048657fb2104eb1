import type { Alert } from '#shared/alert/schema.ts';

/** What each reason means for whoever wonders why nobody was told. */
const MEANINGS: Readonly<Record<string, string>> = {
  staging: 'Its rule is on trial',
  warming: 'Its series is too new to be trusted',
  silence: 'Somebody silenced it',
  maintenance: 'Work is planned on it',
  inhibition: 'It follows from another alert',
  fatigue: 'It is likely to be over by itself soon',
  grouping: 'It waits for others of its group',
};

/** Why an alert is told to nobody now: each reason, with what exactly it is. */
export function Suppressions({ alert }: { alert: Pick<Alert, 'suppressed_by'> }) {
  return alert.suppressed_by.map(({ reason, id }) => (
    <span
      key={`${reason} ${id ?? ''}`}
      className="tag"
      title={`${MEANINGS[reason] ?? reason}: told to nobody`}
    >
      {reason}
      {id !== undefined && (
        <>
          : <bdi>{id}</bdi>
        </>
      )}
    </span>
  ));
}
