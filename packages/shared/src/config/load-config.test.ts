import { describe, expect, it } from 'vitest';
import { SilverError } from '../errors/silver-error.ts';
import { describeSettings } from './describe-settings.ts';
import { loadConfig } from './load-config.ts';
import { settings } from './settings.ts';

const environment = { DATABASE_URL: 'postgres://user:secret@db:5432/app' };

function problemsOf(variables: Record<string, string | undefined>): string {
  try {
    loadConfig(variables);
  } catch (error) {
    if (error instanceof SilverError && error.code === 'CONFIG_INVALID') {
      return error.message;
    }
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('needs nothing but the database', () => {
    expect(loadConfig(environment)).toMatchObject({
      databaseUrl: environment.DATABASE_URL,
      pollIntervalMs: 2_000,
      logLevel: 'info',
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ ...environment, SILVER_WORKER_CONCURRENCY: ' ' }).workerConcurrency).toBe(
      2,
    );
  });

  it('lets options of the command line go before the environment', () => {
    const config = loadConfig(
      { ...environment, SILVER_WORKER_CONCURRENCY: '3' },
      { workerConcurrency: '7' },
    );
    expect(config.workerConcurrency).toBe(7);
  });

  it('names variable, value and remedy', () => {
    expect(problemsOf({ ...environment, SILVER_WORKER_CONCURRENCY: '0' })).toBe(
      'SILVER_WORKER_CONCURRENCY="0" is below 1. Set it to 1–256 (default 2).',
    );
    expect(problemsOf({ ...environment, SILVER_STOP_GRACE_MS: '5s' })).toBe(
      'SILVER_STOP_GRACE_MS="5s" is not a whole number. Set it to 1000–3600000 (default 25000).',
    );
    expect(problemsOf({ ...environment, LOG_LEVEL: 'loud' })).toContain(
      'LOG_LEVEL="loud" is not one of trace, debug',
    );
  });

  it('names everything that is wrong at once', () => {
    const problems = problemsOf({ SILVER_POLL_INTERVAL_MS: 'x', SILVER_MAX_IN_FLIGHT: '-1' }).split(
      '\n',
    );
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^DATABASE_URL is not set\. Set it to postgres:/);
  });

  it('never repeats a connection string, which may hold a password', () => {
    for (const DATABASE_URL of [
      'mysql://user:secret@db/app',
      'secret',
      'postgres://u:secret@db/app?sslmode=allow',
    ]) {
      expect(problemsOf({ DATABASE_URL })).not.toContain('secret');
    }
  });

  it('describes every setting', () => {
    expect(describeSettings()).toHaveLength(Object.keys(settings).length);
    for (const { variable, allowed, fallback, description } of describeSettings()) {
      expect(variable).toMatch(/^(DATABASE_URL|LOG_LEVEL|SILVER_[A-Z_]+)$/);
      expect([allowed, fallback, description]).not.toContain('');
    }
  });
});
