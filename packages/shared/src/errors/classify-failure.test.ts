import { describe, expect, it } from 'vitest';
import { classifyFailure, isConnectionLoss, remedyFor } from './classify-failure.ts';
import { describeFailure } from './describe-failure.ts';
import { SilverError } from './silver-error.ts';

/** As node-postgres throws what the server sent. */
function serverError(code: string, fields: Record<string, string> = {}): Error {
  return Object.assign(new Error(`server error ${code}`), { code, severity: 'ERROR', ...fields });
}

describe('classifyFailure', () => {
  it.each([
    ['57014', 'smaller'],
    ['53200', 'smaller'],
    ['53100', 'smaller'],
    ['54000', 'smaller'],
    ['40001', 'transient'],
    ['40P01', 'transient'],
    ['55P03', 'transient'],
    ['57P01', 'interrupted'],
    ['57P02', 'interrupted'],
    ['57P03', 'interrupted'],
    ['25006', 'interrupted'],
    ['53300', 'interrupted'],
    ['57P04', 'transient'],
    ['08006', 'transient'],
    ['22003', 'permanent'],
    ['23514', 'permanent'],
    ['42P01', 'hopeless'],
    ['42501', 'hopeless'],
    ['0A000', 'hopeless'],
    ['55000', 'hopeless'],
    ['XX001', 'hopeless'],
    ['XX000', 'permanent'],
  ])('reads %s as %s', (code, failureClass) => {
    expect(classifyFailure(serverError(code))).toBe(failureClass);
  });

  it('looks through what slonik wraps', () => {
    expect(classifyFailure(new Error('Statement timeout.', { cause: serverError('57014') }))).toBe(
      'smaller',
    );
  });

  it('takes a lost connection for transient, not EPIPE for a SQLSTATE', () => {
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(classifyFailure(broken)).toBe('transient');
    expect(isConnectionLoss(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(
      isConnectionLoss(
        new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]),
      ),
    ).toBe(true);
  });

  it('does not blame the size of a chunk for the worker that stopped', () => {
    const error = new SilverError('ATTEMPT_ABORTED', 'stopping', { cause: serverError('57014') });
    expect(classifyFailure(error)).toBe('interrupted');
    const lost = new SilverError('CLAIM_LOST', 'lost', { cause: serverError('57014') });
    expect(classifyFailure(lost)).toBe('transient');
  });

  it('retries as the rule, and names the exceptions', () => {
    expect(
      (['transient', 'permanent', 'smaller', 'hopeless', 'interrupted'] as const).map(remedyFor),
    ).toEqual(['retry', 'retry', 'halve', 'bury', 'give-back']);
  });

  it('leaves what it does not know to a person', () => {
    expect(classifyFailure(new TypeError('x is not a function'))).toBe('permanent');
    expect(classifyFailure('thrown text')).toBe('permanent');
  });
});

describe('describeFailure', () => {
  it('keeps everything PostgreSQL said', () => {
    const error = serverError('22003', { detail: 'D', hint: 'H', where: 'W', internalQuery: 'Q' });
    expect(describeFailure(error, 'select 1', '00-trace')).toEqual({
      sqlstate: '22003',
      message: 'server error 22003',
      detail: 'D',
      hint: 'H',
      context: 'W',
      query: 'Q',
      trace: '00-trace',
    });
  });

  it('says of our own errors what to do, and where', () => {
    const error = new SilverError('ROW_UNEXPECTED', 'odd', {
      remedy: 'Migrate.',
      details: { row: 1 },
    });
    const failure = describeFailure(error, 'select 1', null);
    expect(failure).toMatchObject({
      sqlstate: null,
      message: 'odd',
      hint: 'Migrate.',
      detail: '{"row":1}',
      query: 'select 1',
    });
    expect(failure.context).toContain('classify-failure.test');
  });

  it('is bounded', () => {
    expect(describeFailure(new Error('x'.repeat(1e6)), null, null).message.length).toBeLessThan(
      21_000,
    );
  });
});
