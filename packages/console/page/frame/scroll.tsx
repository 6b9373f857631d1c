import type { ComponentChildren } from 'preact';

/** What may be wider than the page: it scrolls by itself, by the keyboard too, and says what it is. */
export function Scroll({ children, label }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
