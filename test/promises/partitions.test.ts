import { describe, expect, it } from 'vitest';
import { settle } from '../support/drive.ts';
import { type TestDatabase, useDatabase } from '../support/use-database.ts';

/** A source whose partitions' bounds say less than they seem to: the rows attached lie where `outside` says. */
interface Tree {
  readonly name: string;
  readonly columns: string;
  readonly partitionBy: string;
  readonly zone: string | null;
  readonly timeColumn: string;
  /** Bounds of the first partition, its rows, and those of the one that is attached full. */
  readonly first: readonly [from: string, to: string, rows: string];
  readonly attached: readonly [from: string, to: string, rows: string];
}

const trees: readonly Tree[] = [
  {
    name: 'by_arrival',
    columns: 'at timestamptz not null, arrived timestamptz not null',
    partitionBy: 'arrived',
    zone: null,
    timeColumn: 'at',
    first: ['2026-01-01Z', '2026-02-01Z', `('2026-01-10 10:00Z', '2026-01-10 10:00Z')`],
    attached: ['2026-02-01Z', '2026-03-01Z', `('2026-01-10 10:30Z', '2026-02-10Z')`],
  },
  {
    name: 'in_local_time',
    columns: 'at timestamp not null',
    partitionBy: 'at',
    zone: 'Pacific/Auckland',
    timeColumn: 'at',
    first: ['2026-01-01', '2026-01-10', `('2026-01-09 22:00')`],
    attached: ['2026-01-10', '2026-01-20', `('2026-01-10 00:30')`],
  },
  {
    // Local times within a gap are read with the offset before it: 02:30 becomes a later instant than 03:00.
    name: 'across_a_gap',
    columns: 'at timestamp not null',
    partitionBy: 'at',
    zone: 'Europe/Berlin',
    timeColumn: 'at',
    first: ['2026-03-01', '2026-03-29 02:30', `('2026-03-29 02:15')`],
    attached: ['2026-03-29 02:30', '2026-04-10', `('2026-03-29 03:05')`],
  },
];

describe('partitions whose bounds are not the time of their rows', () => {
  const database = useDatabase();

  it.each(trees)('$name: what a partition attached full holds is seen at once', async (tree) => {
    await createTree(database, tree);
    await settle(database);
    expect(await counts(database, `${tree.name}_hourly`)).toEqual(await truth(database, tree));
    await database.query(
      `alter table app.${tree.name} attach partition app.${tree.name}_full for values from ('${tree.attached[0]}') to ('${tree.attached[1]}')`,
    );
    expect(await counts(database, `${tree.name}_hourly_live`)).toEqual(await truth(database, tree));
    await settle(database);
    expect(await counts(database, `${tree.name}_hourly`)).toEqual(await truth(database, tree));
  });
});

async function createTree(database: TestDatabase, tree: Tree): Promise<void> {
  const { attached, columns, first, name, partitionBy, timeColumn, zone } = tree;
  await database.query(`
    create schema if not exists app;
    create table app.${name} (${columns}) partition by range (${partitionBy});
    create table app.${name}_first partition of app.${name} for values from ('${first[0]}') to ('${first[1]}');
    insert into app.${name} values ${first[2]};
    create table app.${name}_full (like app.${name});
    insert into app.${name}_full values ${attached[2]};`);
  await database.query(
    `select silver.create_rollup_table($1, 'app', $2, '1 hour', start_from => '2026-01-01Z', time_column => $3, time_zone => $4)`,
    [`app.${name}`, `${name}_hourly`, timeColumn, zone],
  );
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
}

function counts(database: TestDatabase, relation: string): Promise<Record<string, unknown>[]> {
  return database.query(
    `select timestamp::text, row_count::int as rows from app.${relation} order by timestamp`,
  );
}

function truth(
  database: TestDatabase,
  { name, timeColumn, zone }: Tree,
): Promise<Record<string, unknown>[]> {
  const instant = zone === null ? timeColumn : `${timeColumn} at time zone '${zone}'`;
  return database.query(
    `select date_bin('1 hour', ${instant}, '2000-01-01Z')::text as timestamp, count(*)::int as rows
     from app.${name} group by 1 order by 1`,
  );
}
