import { useState } from 'preact/hooks';

/** Changes something, and says why it could not; what was shown before is loaded again after. */
export function useChange(reload: () => void) {
  const [failure, setFailure] = useState<string | null>(null);
  const change = async <T>(what: () => Promise<T>, onDone: (answer: T) => void = () => {}) => {
    setFailure(null);
    try {
      onDone(await what());
      reload();
    } catch (reason) {
      setFailure((reason as Error).message);
    }
  };
  return { failure, change };
}
