import { SilverError } from '@silver/shared';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, explainError } from './explain-error.ts';

const newer = new SilverError('SCHEMA_NEWER', 'too new', {
  remedy: 'Upgrade.',
  details: { unknown: ['9999-x'] },
});
/** As node-postgres throws what the server sent. */
const refused = Object.assign(new Error('no table x'), {
  code: '42P01',
  severity: 'ERROR',
  hint: 'Make one.',
  detail: 'Nothing there.',
});

describe('explainError', () => {
  it('says what went wrong and what to do', () => {
    expect(explainError(newer, false)).toBe('silver: too new\nUpgrade.');
    expect(explainError(refused, false)).toBe('silver: no table x\nNothing there.\nMake one.');
    expect(explainError('thrown text', false)).toBe('silver: thrown text');
  });

  it('says the same to a program', () => {
    expect(JSON.parse(explainError(newer, true))).toEqual({
      error: {
        code: 'SCHEMA_NEWER',
        message: 'too new',
        remedy: 'Upgrade.',
        details: { unknown: ['9999-x'] },
      },
    });
    expect(JSON.parse(explainError(refused, true))).toMatchObject({
      error: { code: '42P01', remedy: 'Make one.' },
    });
  });

  it('tells kinds of errors apart by the exit code', () => {
    expect(exitCodeOf(newer)).toBe(4);
    expect(exitCodeOf(new SilverError('CONFIG_INVALID', ''))).toBe(2);
    expect(exitCodeOf(new SilverError('DATABASE_UNREACHABLE', ''))).toBe(3);
    expect(exitCodeOf(refused)).toBe(1);
  });
});
