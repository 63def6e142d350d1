/** The types that a method's signature names, as in `predict(image: Image, size: Literal["s", "m"] = "s") -> list[Concept]`. */
export interface Signature {
  arguments: Map<string, string>;
  result: string;
}

export function parseSignature(text: string): Signature {
  const open = text.indexOf('(');
  const close = closing(text, open);
  const types = new Map<string, string>();
  for (const part of split(text.slice(open + 1, close), ',')) {
    const [declared = ''] = split(part, '=');
    const colon = declared.indexOf(':');
    if (colon > 0) types.set(declared.slice(0, colon).trim(), declared.slice(colon + 1).trim());
  }
  return {
    arguments: types,
    result: text
      .slice(close + 1)
      .replace(/^\s*->\s*/, '')
      .trim(),
  };
}

/** `Image` of `list[Image]` and `Iterator[Image]`, which hold values of one type; null for types that hold none. */
export function itemOf(type: string): string | null {
  return /^(?:list|Iterator)\[(.*)\]$/.exec(type)?.[1] ?? null;
}

// Brackets nest, and a text may have any of them in it.
function* outside(text: string, from: number): Generator<[index: number, depth: number]> {
  let depth = 0;
  for (let index = from; index < text.length; index++) {
    const character = text[index]!;
    if (character === '"') {
      while (++index < text.length && text[index] !== '"') if (text[index] === '\\') index++;
      continue;
    }
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    yield [index, depth];
  }
}

function closing(text: string, open: number): number {
  for (const [index, depth] of outside(text, open)) if (depth === 0) return index;
  return text.length;
}

function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let begin = 0;
  for (const [index, depth] of outside(text, 0)) {
    if (depth !== 0 || text[index] !== separator) continue;
    parts.push(text.slice(begin, index));
    begin = index + 1;
  }
  parts.push(text.slice(begin));
  return parts.filter((part) => part.trim() !== '');
}
