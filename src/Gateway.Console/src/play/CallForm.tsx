import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Address } from '../gateway/address.ts';
import type { Client } from '../gateway/client.ts';
import { fieldsOf, plainFields, type Entered, type Medium } from '../fields/field.ts';
import { useFields } from '../fields/useFields.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Outcome } from './Outcome.tsx';
import { run, type Callable, type Progress } from './call.ts';

interface Props {
  client: Client;
  address: Address;
  callable: Callable;
  modelType: string;
  onUnauthorized: () => void;
}

/** The fields of a call, the call, and what became of it. */
export function CallForm({ client, address, callable, modelType, onUnauthorized }: Props) {
  const fields = useMemo(() => (callable.kind === 'method' ? fieldsOf(callable.method) : plainFields(modelType)), [callable]);
  const { view, entered, read } = useFields(fields);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [picture, setPicture] = useState<string | undefined>();
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const values = read();
    if (!values) return;
    const own = new AbortController();
    abort.current = own;
    setPicture(pictureIn(Object.values(entered))); // regions are of the picture that is sent, not of one that is chosen later
    void run(client, address, callable, values, own.signal, (told) => {
      setProgress(told);
      if (!told.isRunning && told.story.status === 401) onUnauthorized();
    });
  };

  return (
    <div class="call">
      <form class="card" onSubmit={submit} noValidate aria-label="The call">
        {view}
        <div class="row">
          {progress?.isRunning ? (
            <button type="button" class="primary" key="cancel" onClick={() => abort.current?.abort()}>
              <Icon name="stop" /> Cancel
            </button>
          ) : (
            <button type="submit" class="primary" key="predict">
              <Icon name="play" /> Predict
            </button>
          )}
        </div>
      </form>
      <Outcome address={address} callable={callable} fields={fields} entered={entered} progress={progress} picture={picture} />
    </div>
  );
}

function pictureIn(entered: Entered[]): string | undefined {
  const media = entered.filter((value): value is Medium[] => Array.isArray(value)).flat();
  return media.find(({ type, preview }) => preview && type.startsWith('image/'))?.preview;
}
