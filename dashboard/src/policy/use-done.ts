import { useEffect, useRef, useState } from 'react';

/** Calls back once what was saved is also shown as saved: before that, leaving would be asked about. */
export function useDone(onDone: (id: string) => void): (id: string) => void {
  const [done, setDone] = useState<{ id: string }>();
  const latest = useRef(onDone);
  latest.current = onDone;
  useEffect(() => {
    if (done) latest.current(done.id);
  }, [done]);
  return (id) => setDone({ id });
}
