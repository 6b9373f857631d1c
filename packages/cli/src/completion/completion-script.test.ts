import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion-script.ts';

const program = {
  name: 'silver',
  options: ['--database-url'],
  commands: [
    { name: 'status', options: ['--watch', '--json'], commands: [] },
    {
      name: 'backfill',
      options: [],
      commands: [
        { name: 'plan', options: ['--from', '--force'], commands: [] },
        { name: 'start', options: ['--direction'], commands: [] },
      ],
    },
  ],
};

/** What bash offers after these words. */
function offered(...words: string[]): string[] {
  const script = [
    completionScript('bash', program),
    `COMP_WORDS=(silver ${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length}`,
    '_silver',
    `printf "%s\\n" "\${COMPREPLY[@]}"`,
  ].join('\n');
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
}

describe('completionScript', () => {
  it.each([
    [[''], ['status', 'backfill', '--database-url', '--help']],
    [['st'], ['status']],
    [['status', '--w'], ['--watch']],
    [
      ['backfill', ''],
      ['plan', 'start', '--help'],
    ],
    [
      ['backfill', 'plan', 'public.hourly', '--f'],
      ['--from', '--force'],
    ],
  ])('bash offers after %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('speaks zsh and fish too', () => {
    expect(completionScript('zsh', program)).toContain('bashcompinit');
    expect(completionScript('fish', program)).toContain(
      "complete -c silver -f -n '__fish_seen_subcommand_from backfill; and __fish_seen_subcommand_from plan' -a '--from --force --help'",
    );
  });
});
