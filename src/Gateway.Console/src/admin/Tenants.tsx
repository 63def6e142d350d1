import { useState } from 'preact/hooks';
import { go, writeRoute } from '../route.ts';
import { Failure } from '../ui/Failure.tsx';
import { day } from '../ui/text.ts';
import { Table } from '../ui/Table.tsx';
import type { Admin } from './api.ts';
import { useLoaded } from './useLoaded.ts';

/** The tenants of the store, and a new one. */
export function Tenants({ admin, onUnauthorized }: { admin: Admin; onUnauthorized: () => void }) {
  const { value: tenants, error } = useLoaded(admin.tenants, [admin], onUnauthorized);
  const [name, setName] = useState('');
  const [failure, setFailure] = useState<string | null>(null);

  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      await admin.addTenant(name.trim());
      go({ page: 'tenants', tenant: name.trim() });
    } catch (reason) {
      setFailure((reason as Error).message);
    }
  };

  return (
    <>
      <h1>Tenants</h1>
      <form class="card" onSubmit={add} aria-label="A new tenant">
        <div class="field">
          <label for="tenant-name">A new tenant</label>
          <div class="row">
            <input
              id="tenant-name"
              autocomplete="off"
              spellcheck={false}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <button type="submit" class="primary">
              Add
            </button>
          </div>
        </div>
        <Failure text={failure} />
      </form>
      {error && <p class="error">{error}</p>}
      {tenants?.length === 0 && <p class="muted">There are none in the store.</p>}
      {tenants && tenants.length > 0 && (
        <Table isCard columns={['Name', 'User', 'Changed']}>
          {tenants.map((tenant) => (
            <tr key={tenant.name}>
              <td>
                <a href={writeRoute({ page: 'tenants', tenant: tenant.name })}>{tenant.name}</a>
              </td>
              <td>{String(tenant.settings.UserId ?? '')}</td>
              <td>{day(tenant.updated)}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
