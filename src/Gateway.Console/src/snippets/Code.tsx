import { useState } from 'preact/hooks';
import { Copy } from '../ui/Copy.tsx';
import { languages, type Language } from './snippets.ts';

/** Code in the language that one chooses. */
export function Code({ of }: { of: (language: Language) => string }) {
  const [language, setLanguage] = useState<Language>('curl');
  const text = of(language);
  return (
    <>
      <div class="row spread">
        <div class="choices" role="group" aria-label="Language">
          {languages.map(({ id, name }) => (
            <button type="button" key={id} aria-pressed={id === language} onClick={() => setLanguage(id)}>
              {name}
            </button>
          ))}
        </div>
        <Copy text={text} what="the code" />
      </div>
      <pre class="code" tabIndex={0} aria-label="Code">
        {text}
      </pre>
      <p class="muted">The key comes from the environment: GATEWAY_KEY.</p>
    </>
  );
}
