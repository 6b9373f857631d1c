import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { type TestDatabase, useDatabase } from '../../support/use-database.ts';

interface Finding {
  readonly severity: string;
  readonly target_table: string | null;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What somebody does, what it is called, and how bad it is. The remedy is run where it is SQL, and must mend it. */
export interface FindingCase {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly harm: string;
  readonly says: RegExp;
  readonly target?: string | null;
  /** What is to be done, where the remedy is advice and not SQL. */
  readonly advice?: RegExp;
  /** What a cure in words comes to. */
  readonly cure?: string;
}

/** The hourly rollup, as a condition. */
export const hourly = `rollup_id = 1`;

/** Changes settings of a rollup. */
export const set = (assignment: string, which = hourly) =>
  `update silver.timeseries_rollup_config set ${assignment} where ${which}`;

/** A source of two partitions, hourly and daily rollups on it, all computed and all well. */
export interface Findings {
  readonly database: TestDatabase;
  /** Runs work in a transaction that is rolled back. All in one session, which compiles Silver's functions once. */
  undone(work: (client: pg.Client) => Promise<void>): Promise<void>;
}

export function useFindings(): Findings {
  const database = useDatabase();

  beforeAll(async () => {
    await database.query(
      `create schema app;
     create table app.readings (at timestamptz not null, device text not null, value integer not null) partition by range (at);
     create table app.readings_1 partition of app.readings for values from ('2001-01-01Z') to ('2001-02-01Z');
     create table app.readings_2 partition of app.readings for values from ('2001-02-01Z') to ('2001-03-01Z');
     create index readings_at on app.readings (at);
     insert into app.readings select timestamptz '2001-01-01Z' + i * interval '1 minute', 'd' || i % 3, i from generate_series(0, 2879) i;
     select silver.create_rollup_table('app.readings', 'app', 'Hour"ly', '1 hour', start_from => '2001-01-01Z', dimensions => '{device}');
     select silver.create_rollup_table('app."Hour""ly"', 'app', 'daily', '1 day', start_from => '2001-01-01Z', dimensions => '{device}');`,
    );
    await settle(database);
  });

  let session: Promise<pg.Client> | undefined;
  return {
    database,
    undone: async (work) => {
      session ??= database.connect();
      const client = await session;
      await client.query('begin');
      try {
        await work(client);
      } finally {
        await client.query('rollback');
      }
    },
  };
}

/** What silver.validate_rollup_config finds. */
export const validate = async (client: Pick<pg.Client, 'query'>): Promise<Finding[]> =>
  (await client.query<Finding>('select * from silver.validate_rollup_config()')).rows;

/** A test for each case. */
export function testFindings(cases: readonly FindingCase[]): void {
  const { undone } = useFindings();

  describe.each(cases)('$code: $harm', ({ advice, code, cure, harm, says, severity, target }) => {
    it('is found, with its severity, target and message; its remedy mends it', async () => {
      await undone(async (client) => {
        await client.query(harm);
        const finding = (await validate(client)).find((found) => found.code === code);
        expect(finding).toMatchObject({
          severity,
          target_table:
            target === undefined ? expect.stringMatching(/^(app\."Hour""ly"|app\.daily)$/) : target,
          message: expect.stringMatching(says),
          remedy: expect.stringMatching(advice ?? /;( -- .*)?$/),
        });
        const mending = cure ?? (advice === undefined ? finding?.remedy : undefined);
        if (mending !== undefined) {
          await client.query(mending);
          const left = (await validate(client)).filter(
            (found) => found.code === code && found.target_table === finding?.target_table,
          );
          expect(left).toEqual([]);
        }
      });
    });
  });
}
