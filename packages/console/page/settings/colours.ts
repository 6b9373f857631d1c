import { useEffect, useState } from 'preact/hooks';

/** The value a colour of the stylesheet has now, for what is drawn rather than styled. A canvas knows no `light-dark()`, so the browser resolves it. */
export function colourOf(name: `--${string}`): string {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Changes whenever the colours do: by the choice on the page, or the viewer's system. */
export function useTheme(): string {
  const [theme, setTheme] = useState(currentTheme);
  useEffect(() => {
    const look = () => setTheme(currentTheme());
    const system = matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(look);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    system.addEventListener('change', look);
    return () => {
      chosen.disconnect();
      system.removeEventListener('change', look);
    };
  }, []);
  return theme;
}

function currentTheme(): string {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  return `${document.documentElement.dataset['theme']} ${dark}`;
}
