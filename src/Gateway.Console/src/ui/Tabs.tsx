import type { ComponentChildren } from 'preact';

interface Props<T extends string> {
  label: string;
  tabs: { id: T; name: string }[];
  current: T;
  onChange: (id: T) => void;
  children?: ComponentChildren;
}

/** Tabs by the pattern of WAI-ARIA: arrows go from one to the next. */
export function Tabs<T extends string>({ label, tabs, current, onChange, children }: Props<T>) {
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.id === current);
    const next = tabs[(at + step + tabs.length) % tabs.length]!;
    onChange(next.id);
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div class="tabbed">
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map(({ id, name }) => (
          <button
            type="button"
            role="tab"
            key={id}
            data-tab={id}
            id={`tab-${label}-${id}`}
            aria-selected={id === current}
            aria-controls={`panel-${label}`}
            tabIndex={id === current ? 0 : -1}
            onClick={() => onChange(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="panel" role="tabpanel" id={`panel-${label}`} aria-labelledby={`tab-${label}-${current}`} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}
