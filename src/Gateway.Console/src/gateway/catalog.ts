import { pathOf, type Address } from './address.ts';
import type { Client } from './client.ts';
import { GatewayError } from './client.ts';

/** What is listed: enough to choose by. */
export interface Entry {
  address: Address;
  name: string;
  type: string;
  description: string;
}

export interface Schema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  contentEncoding?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

export interface Method {
  name: string;
  kind: 'UNARY_UNARY' | 'UNARY_STREAMING' | 'STREAMING_STREAMING';
  signature: string;
  description?: string;
  arguments: Schema;
}

/** The most that one page of a list has. */
export const pageSize = 100;

interface Listed {
  id: string;
  name?: string;
  description?: string;
  model_type_id?: string;
}

export type Owner = Address['owner'];

/** The models or workflows of an app, the first hundred of those that match. */
export async function list(
  client: Client,
  kind: Address['kind'],
  owner: Owner,
  search: string,
  signal: AbortSignal,
): Promise<Entry[]> {
  const folder = owner ? `v2/users/${encodeURIComponent(owner.user)}/apps/${encodeURIComponent(owner.app)}/${kind}` : `v2/${kind}`;
  const query = new URLSearchParams({ per_page: String(pageSize) });
  if (search) query.set('search', search);
  const answer = (await client.ask(`${folder}?${query}`, { signal })) as Partial<Record<Address['kind'], Listed[]>>;
  return (answer[kind] ?? []).map((one) => entryOf(one, kind, owner));
}

/** A model or workflow by its address. */
export async function find(client: Client, address: Address, signal: AbortSignal): Promise<Entry> {
  const answer = (await client.ask(pathOf(address), { signal })) as { model?: Listed; workflow?: Listed };
  const found = entryOf(answer.model ?? answer.workflow ?? { id: address.id }, address.kind, address.owner);
  return { ...found, address };
}

/** A model's methods; none of one that has none, or whose methods nobody may see. */
export async function methodsOf(client: Client, address: Address, signal: AbortSignal): Promise<Method[]> {
  if (address.kind === 'workflows') return [];
  try {
    const answer = (await client.ask(`${pathOf(address)}/methods`, { signal })) as { methods?: Method[] };
    return answer.methods ?? [];
  } catch (failure) {
    if (failure instanceof GatewayError && failure.status !== 401) return [];
    throw failure;
  }
}

function entryOf({ id, name, description, model_type_id }: Listed, kind: Address['kind'], owner: Owner): Entry {
  return {
    address: owner ? { kind, id, owner } : { kind, id },
    name: name || id,
    type: kind === 'workflows' ? 'workflow' : (model_type_id ?? ''),
    description: description ?? '',
  };
}
