import { useCallback, useEffect, useRef, useState } from 'react';

import { ApiError, reasonOf } from './problem.ts';

/** Something fetched. While it is fetched again the last value stays. */
export interface Resource<Value> {
  value: Value | undefined;
  error: { code: string; message: string } | undefined;
  isLoading: boolean;
  reload: () => void;
}

/** Fetches `load()` whenever `key` changes and at `reload`; an answer that was overtaken is dropped. */
export function useResource<Value>(key: string, load: () => Promise<Value>): Resource<Value> {
  const [state, setState] = useState<{
    key: string;
    value?: Value;
    error?: { code: string; message: string };
    isLoading: boolean;
  }>({ key, isLoading: true });
  const turn = useRef(0);
  const latest = useRef(load);
  latest.current = load;

  const reload = useCallback(() => {
    const mine = ++turn.current;
    setState((held) =>
      held.key === key ? { ...held, isLoading: true } : { key, isLoading: true },
    );
    latest
      .current()
      .then((value) => {
        if (mine === turn.current) setState({ key, value, isLoading: false });
      })
      .catch((error: unknown) => {
        if (mine !== turn.current) return;
        const code = error instanceof ApiError ? error.code : 'internal';
        const failure = { code, message: reasonOf(error) };
        setState((held) => ({ key, value: held.value, error: failure, isLoading: false }));
      });
  }, [key]);

  useEffect(() => {
    reload();
    return () => {
      turn.current++;
    };
  }, [reload]);

  const isCurrent = state.key === key;
  return {
    value: isCurrent ? state.value : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: !isCurrent || state.isLoading,
    reload,
  };
}
