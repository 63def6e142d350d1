import type { Owner } from './gateway/catalog.ts';

/** What the gateway tells of itself before anything is asked of it. */
export interface About {
  version: string;
  sandbox: boolean;
  /** Whether this is the admin API's port. */
  admin: boolean;
  /** Whether requests need no key, any key, or one's own. */
  key: 'none' | 'any' | 'own';
}

const keyName = 'gateway.key';
const ownerName = 'gateway.owner';

// Of this tab alone, and gone with it; never in an address, nor where other pages or later days could find it.
export const readKey = (): string => sessionStorage.getItem(keyName) ?? '';
export const readOwner = (): Owner => JSON.parse(sessionStorage.getItem(ownerName) ?? 'null') ?? undefined;

export function keep(key: string, owner: Owner): void {
  sessionStorage.setItem(keyName, key);
  sessionStorage.setItem(ownerName, JSON.stringify(owner ?? null));
}

/** The key that requests are made with: one's own, or on the sandbox any. */
export const keyFor = (about: About, key: string) => key || (about.key === 'any' ? 'sandbox' : '');
