import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at its foot; absent: one that closes it. */
  actions?: ReactNode;
  isWide?: boolean;
}

/** A modal dialog that is open while it is rendered. Escape and a click beside it close it. */
export function Dialog({ title, onClose, children, actions, isWide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (!element?.open) element?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${isWide ? 'dialog-wide' : ''}`}
      aria-labelledby={id}
      onClose={onClose}
      onPointerDown={({ target }) => target === dialog.current && dialog.current?.close()}
    >
      <div className="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
        <div className="dialog-actions">
          {actions ?? (
            <button type="button" className="button button-primary" onClick={onClose}>
              Close
            </button>
          )}
        </div>
      </div>
    </dialog>
  );
}

/** Asks before something is done that cannot be taken back lightly; stays open until it is done. */
export function Confirm(props: {
  title: string;
  /** The verb on the button. */
  verb: string;
  isDanger?: boolean;
  onConfirm: () => Promise<unknown> | void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const [isBusy, setIsBusy] = useState(false);
  const confirm = async () => {
    setIsBusy(true);
    try {
      await props.onConfirm();
    } finally {
      setIsBusy(false);
      props.onClose();
    }
  };
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      actions={
        <>
          <button type="button" className="button" disabled={isBusy} onClick={props.onClose}>
            Cancel
          </button>
          <button
            type="button"
            className={`button ${props.isDanger ? 'button-danger' : 'button-primary'}`}
            disabled={isBusy}
            aria-busy={isBusy}
            onClick={() => void confirm()}
          >
            {props.verb}
          </button>
        </>
      }
    >
      {props.children}
    </Dialog>
  );
}
