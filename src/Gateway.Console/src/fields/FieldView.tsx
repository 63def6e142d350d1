import type { Entered, Field, Medium } from './field.ts';
import { MediaField } from './MediaField.tsx';

interface Props {
  field: Field;
  id: string;
  entered: Entered | undefined;
  error: string | undefined;
  onChange: (value: Entered) => void;
}

/** A label, what a value is entered with, and what is said of it. */
export function FieldView(props: Props) {
  const { field, id, error } = props;
  const said = [field.description && `${id}-about`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const isGroup = field.control.kind === 'media';
  return (
    <div class="field" role={isGroup ? 'group' : undefined} aria-labelledby={isGroup ? `${id}-name` : undefined}>
      <label id={`${id}-name`} for={isGroup ? `${id}-file` : id}>
        {field.name}
        <span class="type">{field.type}</span>
      </label>
      <Control {...props} said={said} />
      {field.description && (
        <p class="about" id={`${id}-about`}>
          {field.description}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

function Control({ field, id, entered, error, onChange, said }: Props & { said: string | undefined }) {
  const common = { id, 'aria-describedby': said, 'aria-invalid': error ? true : undefined };
  const { control, schema } = field;
  const text = typeof entered === 'string' ? entered : '';
  const standard = schema.default === undefined || schema.default === null ? '' : String(schema.default);
  switch (control.kind) {
    case 'number':
      return (
        <input
          {...common}
          type="number"
          step={control.whole ? 1 : 'any'}
          min={schema.minimum}
          max={schema.maximum}
          placeholder={standard}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'truth':
      return (
        <input
          {...common}
          type="checkbox"
          checked={entered === undefined ? schema.default === true : entered === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <select {...common} value={text} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{standard ? `${standard} (the default)` : 'Choose'}</option>
          {control.choices.map((choice, index) => (
            <option value={index} key={index}>
              {String(choice)}
            </option>
          ))}
        </select>
      );
    case 'media':
      return (
        <MediaField
          id={id}
          kind={control.media}
          several={control.several}
          media={(entered ?? []) as Medium[]}
          onChange={onChange}
        />
      );
    default:
      return (
        <textarea
          {...common}
          class={control.kind === 'json' ? 'code' : undefined}
          rows={control.kind === 'text' ? 3 : 5}
          placeholder={control.kind === 'lines' ? 'One a line' : control.kind === 'json' ? 'JSON' : standard}
          spellcheck={control.kind === 'text'}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
