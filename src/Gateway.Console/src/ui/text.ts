/** A number of bytes. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A number of things. */
export const count = (value: number) => value.toLocaleString('en');

/** The day of a time. */
export const day = (iso: string) => iso.slice(0, 10);

/** Milliseconds. */
export const time = (milliseconds: number) =>
  milliseconds < 10
    ? `${milliseconds.toFixed(1)} ms`
    : milliseconds < 1000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1000).toFixed(2)} s`;
