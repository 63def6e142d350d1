/** A model or a workflow: where its routes are, and what it is called. */
export interface Address {
  kind: 'models' | 'workflows';
  id: string;
  owner?: { user: string; app: string };
  version?: string;
}

const site = /^https?:\/\/(www\.)?clarifai\.com\//;
const pattern = /^(?:([^/]+)\/([^/]+)\/)?(models|workflows)\/([^/]+)(?:\/versions\/([^/]+))?$/;

/** Reads an id, `models/id`, `user/app/models/id` (also with `/versions/id`) or an address at clarifai.com; null for anything else. */
export function parseAddress(text: string): Address | null {
  const plain = text
    .trim()
    .replace(site, '')
    .replace(/[?#].*$/, '')
    .replace(/^\/+|\/+$/g, '');
  if (plain !== '' && !plain.includes('/')) return { kind: 'models', id: decode(plain) };
  const found = pattern.exec(plain);
  if (!found) return null;
  const [, user, app, kind, id, version] = found;
  const address: Address = { kind: kind as Address['kind'], id: decode(id!) };
  if (user && app) address.owner = { user: decode(user), app: decode(app) };
  if (version) address.version = decode(version);
  return address;
}

/** How people write it; `parseAddress` reads it. */
export function writeAddress({ kind, id, owner, version }: Address): string {
  const parts = [kind, id, ...(version ? ['versions', version] : [])];
  return (owner ? [owner.user, owner.app, ...parts] : parts).map(encodeURIComponent).join('/');
}

/** The path of its routes, below the gateway's address. */
export function pathOf({ kind, id, owner, version }: Address): string {
  const parts = [kind, id, ...(version ? ['versions', version] : [])];
  return ['v2', ...(owner ? ['users', owner.user, 'apps', owner.app] : []), ...parts].map(encodeURIComponent).join('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
