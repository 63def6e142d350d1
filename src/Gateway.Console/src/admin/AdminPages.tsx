import { useMemo } from 'preact/hooks';
import type { Client } from '../gateway/client.ts';
import type { Route } from '../route.ts';
import { Admin } from './api.ts';
import { Audit } from './Audit.tsx';
import { Live } from './Live.tsx';
import { Tenants } from './Tenants.tsx';
import { TenantView } from './TenantView.tsx';
import { Usage } from './Usage.tsx';

interface Props {
  client: Client;
  route: Route;
  onUnauthorized: () => void;
}

/** What operators see at the admin API's port. All that is done here is a call of that API. */
export function AdminPages({ client, route, onUnauthorized }: Props) {
  const admin = useMemo(() => new Admin(client), [client]);
  switch (route.page) {
    case 'usage':
      return <Usage admin={admin} onUnauthorized={onUnauthorized} />;
    case 'audit':
      return <Audit admin={admin} onUnauthorized={onUnauthorized} />;
    case 'live':
      return <Live client={client} onUnauthorized={onUnauthorized} />;
    case 'tenants':
      if (route.tenant) return <TenantView key={route.tenant} admin={admin} name={route.tenant} onUnauthorized={onUnauthorized} />;
  }
  return <Tenants admin={admin} onUnauthorized={onUnauthorized} />;
}
