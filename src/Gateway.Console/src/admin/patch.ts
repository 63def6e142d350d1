import type { Settings } from './api.ts';

/** The merge patch (RFC 7396) that makes some settings of others. */
export function patchOf(before: Settings, after: Settings): Settings {
  const patch: Settings = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, fresh] = [before[name], after[name]];
    if (!(name in after)) patch[name] = null;
    else if (isObject(old) && isObject(fresh)) {
      const inner = patchOf(old, fresh);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (JSON.stringify(old) !== JSON.stringify(fresh)) patch[name] = fresh;
  }
  return patch;
}

const isObject = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);
