import { useEffect, useRef, useState } from 'react';

import { Loading } from '#dashboard/shell/notice.tsx';

import { shadowOf } from './shadow.ts';
import './editor.css';

/** What changed from one text to another, line by line. Fetched when first shown. */
export function JsonDiff(props: { label: string; before: string; after: string }) {
  const { label, before, after } = props;
  const host = useRef<HTMLDivElement>(null);
  const [isReady, setIsReady] = useState(false);
  useEffect(() => {
    let isGone = false;
    let remove: (() => void) | undefined;
    void import('./mount-diff.ts').then(({ mountDiff }) => {
      if (isGone || !host.current) return;
      remove = mountDiff(shadowOf(host.current), label, before, after);
      setIsReady(true);
    });
    return () => {
      isGone = true;
      remove?.();
    };
  }, [label, before, after]);
  return (
    <>
      {!isReady && <Loading what="the comparison" />}
      <div ref={host} className="editor editor-diff" data-editor hidden={!isReady} />
    </>
  );
}
