import type { ComponentChildren } from 'preact';

/** A table that is scrolled to the side where it is too wide. */
export function Table({ columns, isCard, children }: { columns: string[]; isCard?: boolean; children: ComponentChildren }) {
  return (
    <div class={isCard ? 'card scroll' : 'scroll'}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
