import { describeSettings } from '@silver/shared';

/** docs/settings.md, as the code has it. */
export function settingsPage(): string {
  const rows = describeSettings().map(
    ({ variable, description, allowed, fallback }) =>
      `| \`${variable}\` | ${description} | ${allowed} | ${fallback ?? 'required'} |`,
  );
  return [
    '# Settings',
    '',
    'Every environment variable the programs read. A wrong one stops the start with a message that names it.',
    'Generated from the code: `node test/docs/main.ts` writes it, a test compares it.',
    '',
    '| variable | what it is | allowed | default |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
