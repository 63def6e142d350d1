import { useEffect, useState } from 'preact/hooks';
import { isUnauthorized } from '../gateway/client.ts';

interface Loaded<T> {
  value: T | undefined;
  error: string | undefined;
  reload: () => void;
}

/** What an answer has, asked for again when what it depends on changes, or somebody says so. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, of: unknown[], onUnauthorized: () => void): Loaded<T> {
  const [value, setValue] = useState<T | undefined>();
  const [error, setError] = useState<string | undefined>();
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal)
      .then((loaded) => {
        setValue(loaded);
        setError(undefined);
      })
      .catch((failure: Error) => {
        if (abort.signal.aborted) return;
        setError(failure.message);
        if (isUnauthorized(failure)) onUnauthorized();
      });
    return () => abort.abort();
  }, [...of, times]);
  return { value, error, reload: () => setTimes((before) => before + 1) };
}
