import { useState } from 'preact/hooks';

/** A choice the browser remembers. What is stored and no longer known falls back. */
export function usePreference<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): readonly [Choice, (choice: Choice) => void] {
  const key = `silver.${name}`;
  const [choice, setChoice] = useState<Choice>(() => {
    const stored = localStorage.getItem(key) as Choice | null;
    return stored !== null && choices.includes(stored) ? stored : fallback;
  });
  const choose = (next: Choice) => {
    localStorage.setItem(key, next);
    setChoice(next);
  };
  return [choice, choose];
}
