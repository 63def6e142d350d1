import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { argumentsOf, FieldError, type Entered, type Field } from './field.ts';
import { FieldView } from './FieldView.tsx';

interface Fields {
  view: ComponentChildren;
  entered: Record<string, Entered>;
  /** The arguments; null when something is wrong, which the fields then say. */
  read: () => Record<string, unknown> | null;
}

/** The fields of a form: what is required first, the rest folded away. */
export function useFields(fields: Field[]): Fields {
  const [entered, setEntered] = useState<Record<string, Entered>>({});
  const [wrong, setWrong] = useState<FieldError | null>(null);
  const required = fields.filter((field) => field.isRequired);
  const optional = fields.filter((field) => !field.isRequired);

  const read = () => {
    try {
      const values = argumentsOf(fields, entered);
      setWrong(null);
      return values;
    } catch (failure) {
      if (!(failure instanceof FieldError)) throw failure;
      setWrong(failure);
      document.getElementById(idOf(failure.field))?.focus();
      return null;
    }
  };

  const show = (field: Field) => (
    <FieldView
      key={field.name}
      id={idOf(field.name)}
      field={field}
      entered={entered[field.name]}
      error={wrong?.field === field.name ? wrong.message : undefined}
      onChange={(value) => setEntered((before) => ({ ...before, [field.name]: value }))}
    />
  );

  const view =
    required.length === 0 || optional.length === 0 ? (
      fields.map(show)
    ) : (
      <>
        {required.map(show)}
        <details open={optional.some(({ name }) => name === wrong?.field)}>
          <summary>{optional.length === 1 ? 'One more' : `${optional.length} more`}, which may be left out</summary>
          <div class="grid">{optional.map(show)}</div>
        </details>
      </>
    );
  return { view, entered, read };
}

const idOf = (field: string) => `field-${field}`;
