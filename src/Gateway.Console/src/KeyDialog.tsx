import { useEffect, useRef, useState } from 'preact/hooks';
import type { Owner } from './gateway/catalog.ts';
import type { About } from './settings.ts';
import { Failure } from './ui/Failure.tsx';

interface Props {
  about: About;
  value: string;
  owner: Owner;
  isAsked: boolean;
  onClose: () => void;
  onChange: (value: string, owner: Owner) => void;
}

const keySentences: Record<About['key'], string> = {
  own: 'A key of this gateway, or the Clarifai token that it passes on.',
  any: 'The sandbox takes any key: none has to be given.',
  none: 'This gateway needs none.',
};

/** Asks for the key, and whose models to list. */
export function KeyDialog({ about, value, owner, isAsked, onClose, onChange }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState(value);
  const [app, setApp] = useState(owner ? `${owner.user}/${owner.app}` : '');
  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [user, name] = app.trim().split('/');
    onChange(typed.trim(), user && name ? { user, app: name } : undefined);
  };

  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="key-title">
      <form onSubmit={submit}>
        <h2 id="key-title">Your key</h2>
        <Failure text={isAsked ? 'The gateway does not take this key.' : null} />
        <p>{about.admin ? 'The key of the admin API.' : keySentences[about.key]} It stays in this tab, and goes with it.</p>
        <label for="key-own">Key</label>
        <input
          id="key-own"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        {!about.admin && (
          <>
            <label for="key-app">User and app whose models are listed</label>
            <input
              id="key-app"
              type="text"
              autocomplete="off"
              spellcheck={false}
              placeholder="user/app; empty for the key's own"
              value={app}
              onInput={(event) => setApp(event.currentTarget.value)}
            />
          </>
        )}
        <div class="row end">
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Use
          </button>
        </div>
      </form>
    </dialog>
  );
}
