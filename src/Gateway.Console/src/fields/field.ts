import type { Method, Schema } from '../gateway/catalog.ts';
import { itemOf, parseSignature } from '../gateway/signature.ts';
import type { Media } from '../results/views.ts';

export type MediaKind = 'image' | 'audio' | 'video' | 'file';

/** How a value is asked for. */
export type Control =
  | { kind: 'text' }
  | { kind: 'number'; whole: boolean }
  | { kind: 'truth' }
  | { kind: 'choice'; choices: unknown[] }
  | { kind: 'media'; media: MediaKind; several: boolean }
  | { kind: 'lines' }
  | { kind: 'json' };

export interface Field {
  name: string;
  type: string;
  description: string;
  isRequired: boolean;
  control: Control;
  schema: Schema;
}

/** A file that was picked, dropped or recorded, or the address of one. */
export interface Medium extends Media {
  name: string;
  type: string;
  /** Where this page can see it: an address of its own, none for those of other hosts. */
  preview?: string;
}

/** What was typed and picked: texts as they stand in the form. */
export type Entered = string | boolean | Medium[];

const mediaKinds: Record<string, MediaKind> = { Image: 'image', Audio: 'audio', Video: 'video', bytes: 'file' };

/** The fields of a method, in the order of its signature. */
export function fieldsOf(method: Method): Field[] {
  const types = parseSignature(method.signature).arguments;
  const required = new Set(method.arguments.required);
  return Object.entries(method.arguments.properties ?? {}).map(([name, schema]) => {
    const type = types.get(name) ?? '';
    return {
      name,
      type,
      schema,
      description: schema.description ?? '',
      isRequired: required.has(name),
      control: controlOf(type, schema),
    };
  });
}

/** Fields of the API's plain inputs; what the model's type says is asked for first. */
export function plainFields(modelType: string): Field[] {
  const first = ['image', 'text', 'audio', 'video'].find(
    (kind) => modelType.startsWith(kind) || (kind === 'image' && modelType.startsWith('visual')),
  );
  const field = (name: string, type: string, control: Control): Field => ({
    name,
    type,
    control,
    schema: {},
    description: '',
    isRequired: name === first || (first === undefined && (name === 'image' || name === 'text')),
  });
  const media = (name: MediaKind, type: string) => field(name, type, { kind: 'media', media: name, several: false });
  return [media('image', 'Image'), field('text', 'str', { kind: 'text' }), media('audio', 'Audio'), media('video', 'Video')];
}

function controlOf(type: string, schema: Schema): Control {
  const item = itemOf(type);
  if (schema.enum) return { kind: 'choice', choices: schema.enum };
  const media = mediaKinds[type] ?? mediaKinds[item ?? ''];
  if (media) return { kind: 'media', media, several: type.startsWith('list[') };
  if (type === 'list[str]') return { kind: 'lines' };
  switch (schema.type) {
    case 'string':
      return { kind: 'text' };
    case 'integer':
    case 'number':
      return { kind: 'number', whole: schema.type === 'integer' };
    case 'boolean':
      return { kind: 'truth' };
    default:
      return { kind: 'json' };
  }
}

/** Something is wrong with what was entered for a field. */
export class FieldError extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** The value of a field; undefined where nothing was entered that has to be sent. */
export function valueOf(field: Field, entered: Entered | undefined): unknown {
  const { control } = field;
  if (control.kind === 'truth') return entered === undefined ? undefined : entered === true;
  const isEmpty = entered === undefined || entered === '' || (Array.isArray(entered) && entered.length === 0);
  if (isEmpty) {
    if (field.isRequired && control.kind !== 'text' && control.kind !== 'lines')
      throw new FieldError(field.name, `${field.name} is missing.`);
    return field.isRequired ? (control.kind === 'text' ? '' : []) : undefined;
  }
  if (Array.isArray(entered)) {
    const values = entered.map(({ base64, url }) => (base64 === undefined ? { url } : { base64 }));
    if (control.kind === 'media' && control.media === 'file') return entered[0]!.base64;
    return control.kind === 'media' && control.several ? values : values[0];
  }
  const text = String(entered);
  switch (control.kind) {
    case 'number':
      return numberOf(field, text);
    case 'choice':
      return control.choices[Number(text)];
    case 'lines':
      return text.split('\n').filter((line) => line !== '');
    case 'json':
      return jsonOf(field, text);
    default:
      return text;
  }
}

/** The arguments of a call. */
export function argumentsOf(fields: Field[], entered: Record<string, Entered>): Record<string, unknown> {
  const values = fields.map((field) => [field.name, valueOf(field, entered[field.name])] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function numberOf({ name, control }: Field, text: string): number {
  const value = Number(text);
  const isWhole = control.kind === 'number' && control.whole;
  if (!Number.isFinite(value) || (isWhole && !Number.isInteger(value)))
    throw new FieldError(name, `${name} has to be a ${isWhole ? 'whole ' : ''}number.`);
  return value;
}

function jsonOf({ name }: Field, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FieldError(name, `${name} has to be JSON.`);
  }
}
