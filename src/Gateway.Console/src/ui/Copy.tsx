import { useState } from 'preact/hooks';
import { Icon } from './Icon.tsx';

/** Copies a text, and says so. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('The browser does not let this page copy.');
    }
  };
  return (
    <span class="copy">
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy ${what}`}>
        <Icon name="copy" /> Copy
      </button>
      <span role="status" class="muted">
        {said}
      </span>
    </span>
  );
}
