import { useState } from 'preact/hooks';
import { Table } from '../ui/Table.tsx';
import type { Admin, AuditEntry } from './api.ts';
import { useLoaded } from './useLoaded.ts';

/** Who did what, the latest first. */
export function Audit({ admin, onUnauthorized }: { admin: Admin; onUnauthorized: () => void }) {
  const [after, setAfter] = useState('');
  const [earlier, setEarlier] = useState<AuditEntry[]>([]);
  const { value, error } = useLoaded((signal) => admin.audit(after, '', signal), [admin, after], onUnauthorized);
  const entries = [...earlier, ...(value?.audit ?? [])];

  return (
    <>
      <h1>Audit log</h1>
      {error && <p class="error">{error}</p>}
      {value && entries.length === 0 && <p class="muted">Nothing was done yet.</p>}
      {entries.length > 0 && (
        <Table isCard columns={['When (UTC)', 'Who', 'What', 'Tenant', 'Of it', 'Changed']}>
          {entries.map(({ id, at, actor, action, tenant, target, changed }) => (
            <tr key={id}>
              <td>{at.slice(0, 19).replace('T', ' ')}</td>
              <td>{actor}</td>
              <td>{action}</td>
              <td>{tenant}</td>
              <td>{target ?? ''}</td>
              <td>{changed.join(', ')}</td>
            </tr>
          ))}
        </Table>
      )}
      {value?.next && (
        <div class="row">
          <button
            type="button"
            onClick={() => {
              setEarlier(entries);
              setAfter(value.next!);
            }}
          >
            Earlier
          </button>
        </div>
      )}
    </>
  );
}
