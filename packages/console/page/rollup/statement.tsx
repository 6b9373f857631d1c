import { useState } from 'preact/hooks';
import { useRead } from '../live/use-read.ts';

/** The stored SQL of a rollup, fetched when it is opened. */
export function Statement({ rollupId }: { rollupId: number }) {
  const [open, setOpen] = useState(false);
  const { answer, error } = useRead<{ readonly lines: readonly string[] }>(
    open ? `/api/rollups/${rollupId}/statement` : null,
  );
  return (
    <section aria-labelledby="statement">
      <h2 id="statement">SQL</h2>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>What a chunk runs, and its plan</summary>
        {error !== null && <p class="notice bad">{error.message}</p>}
        {answer !== null && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
          <pre tabIndex={0}>{answer.lines.join('\n')}</pre>
        )}
      </details>
    </section>
  );
}
