const long = 400;

/** JSON for people: what is long in it, such as base64, is cut in the middle and says how long it is. */
export function readable(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      typeof part === 'string' && part.length > long ? `${part.slice(0, 60)}… (${part.length} characters)` : part,
    2,
  );
}
