import type { Client } from '../gateway/client.ts';

/** Settings of tenants and keys, with the names of the configuration. */
export type Settings = Record<string, unknown>;

export interface Tenant {
  name: string;
  version: number;
  created: string;
  updated: string;
  settings: Settings;
}

export interface Key {
  id: string;
  name: string;
  version: number;
  prefix: string;
  created: string;
  expires: string | null;
  revoked: string | null;
  replacedBy: string | null;
  lastUsed: string | null;
  settings: Settings;
}

/** A key that was made: the one answer that has it. */
export interface IssuedKey extends Key {
  key: string;
}

export interface Pat {
  name: string;
  fingerprint: string;
  requestsPerSecond: number | null;
  updated: string;
}

export interface UsageRow {
  day: string;
  tenant: string;
  key: string;
  model: string;
  requests: number;
  inputs: number;
  requestBytes: number;
  responseBytes: number;
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  action: string;
  tenant: string;
  target: string | null;
  changed: string[];
}

const root = 'admin/v1';

/** The admin API (docs/admin.md), as far as the console needs it. */
export class Admin {
  constructor(readonly client: Client) {}

  /** All of a list, part by part. */
  async #all<T>(path: string, member: string, signal: AbortSignal): Promise<T[]> {
    const items: T[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const part = (await this.client.ask(`${root}/${path}?${query({ limit: '1000', after })}`, { signal })) as Record<
        string,
        unknown
      >;
      items.push(...(part[member] as T[]));
      after = part.next as string | undefined;
    }
    return items;
  }

  tenants = (signal: AbortSignal) => this.#all<Tenant>('tenants', 'tenants', signal);
  tenant = (name: string, signal: AbortSignal) => this.client.ask(`${root}/${tenantPath(name)}`, { signal }) as Promise<Tenant>;
  addTenant = (name: string) => this.#send('POST', 'tenants', { name });
  removeTenant = (name: string) => this.#send('DELETE', tenantPath(name));

  /** Changes what is named, and takes away what is null, unless somebody else has changed the tenant since. */
  changeTenant = ({ name, version }: Tenant, settings: Settings) =>
    this.#send('PATCH', tenantPath(name), { settings }, match(version));

  keys = (tenant: string, signal: AbortSignal) => this.#all<Key>(`${tenantPath(tenant)}/keys`, 'keys', signal);
  createKey = (tenant: string, key: { name?: string }) =>
    this.#send('POST', `${tenantPath(tenant)}/keys`, key, once()) as Promise<IssuedKey>;
  rotateKey = (tenant: string, key: Key, overlap: string) =>
    this.#send('POST', `${keyPath(tenant, key)}/rotate`, { overlap }, once()) as Promise<IssuedKey>;
  revokeKey = (tenant: string, key: Key) => this.#send('DELETE', keyPath(tenant, key), undefined, match(key.version));

  pats = (tenant: string, signal: AbortSignal) => this.#all<Pat>(`${tenantPath(tenant)}/pats`, 'pats', signal);
  setPat = (tenant: string, name: string, token: string) =>
    this.#send('PUT', `${tenantPath(tenant)}/pats/${encodeURIComponent(name)}`, { token });
  removePat = (tenant: string, name: string) => this.#send('DELETE', `${tenantPath(tenant)}/pats/${encodeURIComponent(name)}`);

  async usage(from: string, to: string, signal: AbortSignal): Promise<UsageRow[]> {
    const answer = (await this.client.ask(`${root}/usage?${query({ from, to })}`, { signal })) as { usage: UsageRow[] };
    return answer.usage;
  }

  /** A part of the audit log, the latest first. */
  audit = (after: string, tenant: string, signal: AbortSignal) =>
    this.client.ask(`${root}/audit?${query({ limit: '100', after, tenant })}`, { signal }) as Promise<{
      audit: AuditEntry[];
      next?: string;
    }>;

  #send(verb: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    return this.client.ask(`${root}/${path}`, { verb, body, headers });
  }
}

const tenantPath = (name: string) => `tenants/${encodeURIComponent(name)}`;
// By its name, which is its own while it is neither revoked nor replaced.
const keyPath = (tenant: string, { name }: Key) => `${tenantPath(tenant)}/keys/${encodeURIComponent(name)}`;

const match = (version: number) => ({ 'If-Match': `"${version}"` });

// A key that is asked for twice, because the first answer was lost, is made once.
const once = () => ({
  'Idempotency-Key': Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join('-'),
});

const query = (parameters: Record<string, string>) =>
  new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
