import { parseAddress, writeAddress, type Address } from './gateway/address.ts';

/** Where in the page one is; it is in the address behind `#`, and never has a key in it. */
export type Route = { page: 'play'; address?: Address; method?: string } | { page: 'chat' } | { page: 'tools' };

export function parseRoute(hash: string): Route {
  const [page, address, method] = hash.replace(/^#\/?/, '').split(':');
  if (page === 'chat' || page === 'tools') return { page };
  const found = address ? parseAddress(address) : null;
  if (!found) return { page: 'play' };
  return method ? { page: 'play', address: found, method: decodeURIComponent(method) } : { page: 'play', address: found };
}

export function writeRoute(route: Route): string {
  if (route.page !== 'play') return `#/${route.page}`;
  if (!route.address) return '#/';
  return `#/play:${writeAddress(route.address)}${route.method ? `:${encodeURIComponent(route.method)}` : ''}`;
}

export const go = (route: Route) => {
  location.hash = writeRoute(route);
};
