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

  it('asks for a verified certificate in either mode that means it', () => {
    for (const mode of ['require', 'verify-full']) {
      const uri = sessionUri(`postgres://h/d?sslmode=${mode}`, { applicationName: 'x' });
      expect(uri).toContain('sslmode=verify-full');
    }
  });

  it('sets nothing of the session through a transaction-mode pooler', () => {
    const uri = sessionUri('postgres://h/d?pooler=transaction', {
      applicationName: 'x',
      settings: { lock_timeout: '5000' },
    });
    expect(uri).toBe('postgres://h/d?application_name=x');
  });
});
