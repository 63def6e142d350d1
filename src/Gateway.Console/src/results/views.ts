/** What a result is shown as: a method's value or the API's outputs, by their types where these are known, else by their form. */
export type View =
  | { kind: 'text'; text: string }
  | { kind: 'concepts'; concepts: Concept[] }
  | { kind: 'regions'; regions: Region[] }
  | { kind: 'image' | 'audio' | 'video'; media: Media }
  | { kind: 'vector'; values: number[] }
  | { kind: 'colors'; colors: Color[] }
  | { kind: 'frames'; frames: { time: string; views: View[] }[] }
  | { kind: 'group'; title: string; views: View[] }
  | { kind: 'error'; text: string }
  | { kind: 'json'; value: unknown };

export interface Concept {
  id?: string;
  name?: string;
  value?: number;
}

export interface Color {
  hex: string;
  name: string;
  value: number;
}

export interface Media {
  base64?: string;
  url?: string;
}

interface Point {
  row?: number;
  col?: number;
}

export interface Region {
  box?: { top: number; left: number; bottom: number; right: number };
  polygon?: { row: number; col: number }[];
  mask?: Media;
  concepts: Concept[];
  image?: Media;
  value?: number;
  text?: string;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isConcept = (value: unknown) =>
  isObject(value) && (typeof value.id === 'string' || typeof value.name === 'string') && typeof value.value === 'number';
const isRegion = (value: unknown) => isObject(value) && isObject(value.region_info);
const isFrame = (value: unknown) => isObject(value) && isObject(value.frame_info);
const isMedia = (value: unknown) => isObject(value) && (typeof value.base64 === 'string' || typeof value.url === 'string');
const isNumber = (value: unknown): value is number => typeof value === 'number';
const all = <T>(values: unknown, test: (value: unknown) => boolean): values is T[] =>
  Array.isArray(values) && values.length > 0 && values.every(test);

/** The views of a method's result. */
export function viewsOf(value: unknown, type = ''): View[] {
  if (typeof value === 'string') return value === '' ? [] : [{ kind: 'text', text: value }];
  if (isConcept(value) || isRegion(value) || isFrame(value)) return viewsOf([value], type);
  if (all<Json>(value, isRegion)) return [{ kind: 'regions', regions: value.map(regionOf) }];
  if (all<Json>(value, isFrame)) return [frames(value)];
  if (all<Concept>(value, isConcept)) return [{ kind: 'concepts', concepts: value }]; // regions have ids and values, too
  if (isObject(value) && isMedia(value)) return [{ kind: mediaKind(value as Media, type), media: value as Media }];
  if (all<Media>(value, isMedia)) return value.flatMap((one) => viewsOf(one, type));
  if (isVector(value)) return [{ kind: 'vector', values: value.data }];
  if (isData(value)) return viewsOfData(value);
  return [{ kind: 'json', value }];
}

/** The views of the API's `Data`. */
export function viewsOfData(data: unknown): View[] {
  if (!isObject(data)) return [];
  const views: View[] = [];
  const text = isObject(data.text) ? data.text.raw : data.string_value;
  if (typeof text === 'string' && text !== '') views.push({ kind: 'text', text });
  if (all<Concept>(data.concepts, isObject)) views.push({ kind: 'concepts', concepts: data.concepts });
  if (all<Json>(data.regions, isObject)) views.push({ kind: 'regions', regions: data.regions.map(regionOf) });
  for (const kind of ['image', 'audio', 'video'] as const)
    if (isMedia(data[kind])) views.push({ kind, media: data[kind] as Media });
  for (const one of Array.isArray(data.embeddings) ? data.embeddings : []) {
    if (isObject(one) && all<number>(one.vector, isNumber)) views.push({ kind: 'vector', values: one.vector });
  }
  if (all<Json>(data.colors, isObject)) views.push({ kind: 'colors', colors: data.colors.map(colorOf) });
  if (all<Json>(data.frames, isObject)) views.push(frames(data.frames));
  return views;
}

/** The views of an answer of `outputs` or of a workflow's `results`. */
export function viewsOfOutputs(answer: unknown): View[] {
  if (!isObject(answer)) return [];
  const results = Array.isArray(answer.results) ? answer.results : [answer];
  const outputs = results
    .flatMap((result) => (isObject(result) && Array.isArray(result.outputs) ? result.outputs : []))
    .filter(isObject);
  const isWorkflow = Array.isArray(answer.results);
  return outputs.flatMap((output): View[] => {
    const views = failureOf(output.status) ?? viewsOfData(output.data);
    const model = isObject(output.model) ? output.model : {};
    return isWorkflow ? [{ kind: 'group', title: String(model.name ?? model.id ?? 'Output'), views }] : views;
  });
}

function failureOf(status: unknown): View[] | null {
  if (!isObject(status) || status.code === 10000) return null;
  return [{ kind: 'error', text: [status.description, status.details].filter(Boolean).join(': ') }];
}

function isData(value: unknown): boolean {
  return (
    isObject(value) &&
    ['concepts', 'regions', 'frames', 'embeddings', 'text', 'image', 'video', 'audio', 'colors'].some((name) => name in value) &&
    viewsOfData(value).length > 0
  );
}

function isVector(value: unknown): value is { data: number[] } {
  return isObject(value) && Array.isArray(value.shape) && value.shape.length === 1 && all<number>(value.data, isNumber);
}

function frames(values: Json[]): View {
  return {
    kind: 'frames',
    frames: values.map((frame) => {
      const info = isObject(frame.frame_info) ? frame.frame_info : {};
      return { time: `${(Number(info.time ?? 0) / 1000).toFixed(2)} s`, views: viewsOfData(frame.data) };
    }),
  };
}

function regionOf(region: Json): Region {
  const info = isObject(region.region_info) ? region.region_info : {};
  const data = isObject(region.data) ? region.data : {};
  const shown: Region = { concepts: all<Concept>(data.concepts, isObject) ? data.concepts : [] };
  const box = info.bounding_box;
  if (isObject(box)) {
    const [top, left, bottom, right] = [box.top_row, box.left_col, box.bottom_row, box.right_col].map((side) => Number(side ?? 0));
    shown.box = { top: top!, left: left!, bottom: bottom!, right: right! };
  }
  if (isObject(info.polygon) && all<Point>(info.polygon.points, isObject)) {
    shown.polygon = info.polygon.points.map(({ row = 0, col = 0 }) => ({ row, col }));
  }
  if (isObject(info.mask) && isMedia(info.mask.image)) shown.mask = info.mask.image as Media;
  if (isMedia(data.image)) shown.image = data.image as Media;
  if (isNumber(region.value)) shown.value = region.value;
  const text = isObject(data.text) ? data.text.raw : null;
  if (typeof text === 'string') shown.text = text;
  return shown;
}

function colorOf(color: Json): Color {
  const w3c = isObject(color.w3c) ? color.w3c : {};
  return {
    hex: String(color.raw_hex ?? w3c.hex ?? ''),
    name: String(w3c.name ?? color.raw_hex ?? ''),
    value: Number(color.value ?? 0),
  };
}

function mediaKind(media: Media, type: string): 'image' | 'audio' | 'video' {
  if (/\bAudio\b/.test(type)) return 'audio';
  if (/\bVideo\b/.test(type)) return 'video';
  if (/\bImage\b/.test(type)) return 'image';
  const mime = mimeOf(media.base64 ?? '');
  return mime.startsWith('audio/') ? 'audio' : mime.startsWith('video/') ? 'video' : 'image';
}

const signatures: [begin: RegExp, mime: string][] = [
  [/^\x89PNG/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8/, 'image/gif'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^RIFF....WAVE/s, 'audio/wav'],
  [/^(ID3|\xff[\xe0-\xff])/, 'audio/mpeg'],
  [/^fLaC/, 'audio/flac'],
  [/^OggS/, 'audio/ogg'],
  [/^\x1aE\xdf\xa3/, 'video/webm'],
  [/^....ftyp/s, 'video/mp4'],
];

/** The media type that the first bytes tell; empty when they tell none. */
export function mimeOf(base64: string): string {
  const bytes = atob(base64.slice(0, 16)); // whole groups of four
  return signatures.find(([begin]) => begin.test(bytes))?.[1] ?? '';
}
