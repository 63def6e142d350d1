/** The languages, as the gateway's own snippets have them (docs/methods.md). */
export const languages = [
  { id: 'curl', name: 'curl' },
  { id: 'python', name: 'Python' },
  { id: 'javascript', name: 'JavaScript' },
  { id: 'csharp', name: 'C#' },
  { id: 'go', name: 'Go' },
] as const;

export type Language = (typeof languages)[number]['id'];

// The templates that the gateway's face for methods answers with, too.
const templates = import.meta.glob<string>('../../../Gateway.Api/Faces/Methods/Snippets/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const byName = new Map(Object.entries(templates).map(([path, text]) => [path.split('/').at(-1)!, text]));

/** Code for a call, ready to run: the key comes from the environment. */
export function snippet(language: Language, answer: 'unary' | 'stream', url: string, body: unknown): string {
  const template = byName.get(`${language}.${answer}.txt`)!;
  return template.replaceAll('{url}', () => url).replaceAll('{body}', () => literal(body));
}

/** JSON in which nothing can end a literal of any of the languages, as the gateway writes it. */
export function literal(value: unknown): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return JSON.stringify(value)
    .replace(/\\./g, (pair) => (pair === '\\"' ? '\\u0022' : pair))
    .replace(/[^ !"#$%(-;=?-_a-z{-~]/g, escape);
}

const longest = 1000;

/** The same without content that is too long for a text: what it is the content of is said in its place. */
export function shortened(value: unknown, names: Map<string, string>): unknown {
  if (typeof value === 'string') return value.length > longest && names.has(value) ? `BASE64 OF ${names.get(value)}` : value;
  if (Array.isArray(value)) return value.map((item) => shortened(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item, names)]));
}
