import { useId, useMemo } from 'react';

import { Field } from '#dashboard/shell/part/field.tsx';

/** The zone of this browser. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A time zone by its IANA name. */
export function ZoneField(props: {
  value: string;
  onChange: (zone: string) => void;
  error?: string | undefined;
}) {
  const id = useId();
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  return (
    <Field label="Time zone" error={props.error}>
      {(control) => (
        <>
          <input
            {...control}
            list={id}
            required
            maxLength={64}
            value={props.value}
            onChange={({ target }) => props.onChange(target.value)}
          />
          <datalist id={id}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
