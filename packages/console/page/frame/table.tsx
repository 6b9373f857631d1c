import type { ComponentChildren } from 'preact';
import { Scroll } from './scroll.tsx';

export interface TableProps {
  /** Said to whoever cannot see it. */
  readonly label: string;
  /** `#` before one: a column of numbers, set to the right. */
  readonly heads: readonly string[];
  readonly class?: string;
  /** Its rows. */
  readonly children: ComponentChildren;
}

/** A table with a head for each column, which scrolls by itself where it is wider than the page. */
export function Table({ children, class: name, heads, label }: TableProps) {
  return (
    <Scroll label={label}>
      <table class={name}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" class={head.startsWith('#') ? 'number' : undefined}>
                {head.replace(/^#/, '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}
