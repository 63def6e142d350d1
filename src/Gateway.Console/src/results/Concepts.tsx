import { useState } from 'preact/hooks';
import type { Concept } from './views.ts';

const few = 12;

/** Concepts as bars, the highest first. */
export function Concepts({ concepts }: { concepts: Concept[] }) {
  const [isWhole, setWhole] = useState(false);
  const sorted = concepts.toSorted((one, other) => (other.value ?? 0) - (one.value ?? 0));
  const shown = isWhole ? sorted : sorted.slice(0, few);
  return (
    <>
      <ul class="concepts" aria-label="Concepts">
        {shown.map(({ id, name, value = 0 }, index) => (
          <li key={`${id ?? name}${index}`}>
            <span class="name">{name || id}</span>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${Math.max(0, Math.min(1, value)) * 100}%` }} />
            </span>
            <span class="value">{value.toFixed(3)}</span>
          </li>
        ))}
      </ul>
      {sorted.length > few && (
        <button type="button" class="quiet" onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
          {isWhole ? 'Fewer' : `All ${sorted.length}`}
        </button>
      )}
    </>
  );
}
