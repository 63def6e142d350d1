import { parseAddress, writeAddress, type Address } from './gateway/address.ts';

const plainPages = ['chat', 'tools', 'live', 'usage', 'audit'] as const;

/** Where in the page one is; it is in the address behind `#`, and never has a key in it. */
export type Route =
  | { page: 'play'; address?: Address; method?: string }
  | { page: 'tenants'; tenant?: string }
  | { page: (typeof plainPages)[number] };

export function parseRoute(hash: string): Route {
  const [page, what, method] = hash.replace(/^#\/?/, '').split(':');
  const plain = plainPages.find((one) => one === page);
  if (plain) return { page: plain };
  if (page === 'tenants') return what ? { page, tenant: decodeURIComponent(what) } : { page };
  const address = what ? parseAddress(what) : null;
  if (!address) return { page: 'play' };
  return method ? { page: 'play', address, method: decodeURIComponent(method) } : { page: 'play', address };
}

export function writeRoute(route: Route): string {
  switch (route.page) {
    case 'play':
      if (!route.address) return '#/';
      return `#/play:${writeAddress(route.address)}${route.method ? `:${encodeURIComponent(route.method)}` : ''}`;
    case 'tenants':
      return `#/tenants${route.tenant ? `:${encodeURIComponent(route.tenant)}` : ''}`;
    default:
      return `#/${route.page}`;
  }
}

export const go = (route: Route) => {
  location.hash = writeRoute(route);
};
