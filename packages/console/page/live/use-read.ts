import { useCallback, useEffect, useState } from 'preact/hooks';
import { getJson } from './api.ts';

export interface Read<Answer> {
  /** The last answer; null before the first. It stays while a newer one is fetched. */
  readonly answer: Answer | null;
  readonly error: Error | null;
  readonly loading: boolean;
  /** Fetches it anew. */
  again(): void;
}

/** Fetches a path of the API, anew whenever it changes; null fetches nothing. */
export function useRead<Answer>(path: string | null): Read<Answer> {
  const [turn, setTurn] = useState(0);
  const [read, setRead] = useState<Omit<Read<Answer>, 'again'>>({
    answer: null,
    error: null,
    loading: path !== null,
  });
  useEffect(() => {
    if (path === null) {
      return;
    }
    const stop = new AbortController();
    setRead((before) => ({ ...before, loading: true }));
    getJson<Answer>(path, stop.signal).then(
      (answer) => setRead({ answer, error: null, loading: false }),
      (error: Error) => {
        if (!stop.signal.aborted) {
          setRead((before) => ({ ...before, error, loading: false }));
        }
      },
    );
    return () => stop.abort();
  }, [path, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { ...read, again };
}
