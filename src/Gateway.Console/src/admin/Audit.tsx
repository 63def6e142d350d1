import { useState } from 'preact/hooks';
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
        <div class="card scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">When (UTC)</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Tenant</th>
                <th scope="col">Of it</th>
                <th scope="col">Changed</th>
              </tr>
            </thead>
            <tbody>
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
            </tbody>
          </table>
        </div>
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
