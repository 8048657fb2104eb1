import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from 'react';

import { Failed, Loading } from '#dashboard/shell/notice.tsx';

import type { EditorHandle, Issue } from './mount.ts';
import type { Schema } from './schema.ts';
import { shadowOf } from './shadow.ts';
import './editor.css';

interface Props {
  /** What it shows; another text from outside replaces what is written. */
  text: string;
  label: string;
  isReadOnly?: boolean;
  schema?: Schema | undefined;
  check?: (text: string) => Promise<readonly Issue[]>;
  onChange: (text: string) => void;
  onSave?: () => void;
  /** Escape: where the focus goes. */
  onLeave: () => void;
  ref?: RefObject<Pick<EditorHandle, 'go' | 'recheck'> | null>;
}

/** Edits JSON, with what the schema offers and what the server says against it. Fetched when first shown. */
export function JsonEditor(props: Props) {
  const { text, isReadOnly = false, ref } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorHandle>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let isGone = false;
    import('./mount.ts')
      .then(({ mountEditor }) => {
        if (isGone || !host.current) return;
        const held = latest.current;
        editor.current = mountEditor(shadowOf(host.current), {
          text: held.text,
          label: held.label,
          isReadOnly: held.isReadOnly ?? false,
          schema: () => latest.current.schema,
          check: held.check && ((now) => latest.current.check!(now)),
          onChange: (now) => latest.current.onChange(now),
          onSave: () => latest.current.onSave?.(),
          onLeave: () => latest.current.onLeave(),
        });
        setState('ready');
      })
      .catch(() => setState('failed'));
    return () => {
      isGone = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, [turn]);
  useEffect(() => editor.current?.setText(text), [text]);
  useEffect(() => editor.current?.setReadOnly(isReadOnly), [isReadOnly]);
  useImperativeHandle(ref, () => ({
    go: (path) => editor.current?.go(path),
    recheck: () => editor.current?.recheck(),
  }));
  return (
    <>
      {state === 'loading' && <Loading what="the editor" />}
      {state === 'failed' && (
        <Failed
          what="The editor"
          message="It could not be fetched."
          retry={() => setTurn((now) => now + 1)}
        />
      )}
      <div ref={host} className="editor" data-editor hidden={state !== 'ready'} />
    </>
  );
}
