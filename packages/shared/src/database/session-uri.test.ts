import { describe, expect, it } from 'vitest';
import { sessionUri } from './session-uri.ts';

describe('sessionUri', () => {
  it('sets isolation, time zone and name on a plain connection string', () => {
    const url = new URL(sessionUri('postgres://u:p@h:1/d', { applicationName: 'silver worker' }));
    expect(url.searchParams.get('options')).toBe(
      '-c default_transaction_isolation=read\\ committed -c timezone=UTC -c search_path=',
    );
    expect(url.searchParams.get('application_name')).toBe('silver worker');
    expect(url.href).toMatch(/^postgres:\/\/u:p@h:1\/d\?/);
  });

  it('keeps options of the caller, but lets its own come last and so win', () => {
    const url = new URL(
      sessionUri('postgres://h/d?options=-c%20timezone%3DAsia/Tokyo', {
        applicationName: 'x',
        settings: { lock_timeout: '5000' },
      }),
    );
    expect(url.searchParams.get('options')).toBe(
      '-c timezone=Asia/Tokyo -c default_transaction_isolation=read\\ committed -c timezone=UTC -c search_path= -c lock_timeout=5000',
    );
  });

  it('maps verify-full to the mode in which slonik verifies certificates', () => {
    expect(sessionUri('postgres://h/d?sslmode=verify-full', { applicationName: 'x' })).toContain(
      'sslmode=require',
    );
  });
});
