import { type ReactNode, type SubmitEvent, useId } from 'react';

interface FieldProps {
  label: string;
  /** What to write, and in which form. */
  hint?: ReactNode;
  /** What is wrong with what is written. */
  error?: string | undefined;
  /** The control: give it these. */
  children: (control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean;
  }) => ReactNode;
}

/** A control of a form with its label, a hint and what is wrong. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`];
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described.filter(Boolean).join(' ') || undefined,
        'aria-invalid': error !== undefined,
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="form-hint">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="form-error">
          <bdi>{error}</bdi>
        </p>
      )}
    </div>
  );
}

interface FormProps {
  /** The verb on the button. */
  verb: string;
  onSubmit: () => Promise<unknown> | void;
  onCancel?: () => void;
  isBusy?: boolean;
  /** Why it cannot be sent: a role that is missing. */
  refusal?: string | undefined;
  /** What the server said against it. */
  error?: string | undefined;
  children: ReactNode;
}

/** Fields, what the server said against them, and the buttons. */
export function Form(props: FormProps) {
  const { verb, onSubmit, onCancel, isBusy = false, refusal, error, children } = props;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy && refusal === undefined) void onSubmit();
  };
  return (
    <form className="form" onSubmit={submit}>
      {children}
      {error !== undefined && (
        <p className="form-error" role="alert">
          <bdi>{error}</bdi>
        </p>
      )}
      <div className="form-actions">
        <button
          type="submit"
          className="button button-primary"
          disabled={isBusy || refusal !== undefined}
          aria-busy={isBusy}
          title={refusal}
        >
          {verb}
        </button>
        {onCancel && (
          <button type="button" className="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
