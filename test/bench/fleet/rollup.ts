import type { DatabaseCopy } from '../server/database-copies.ts';

/** A rollup to declare: the arguments of silver.create_rollup_table. */
export interface RollupOptions {
  readonly source: string;
  readonly target: string;
  readonly interval: string;
  readonly startFrom: string;
  readonly dimensions?: readonly string[];
  /** Others by name, as SQL writes them. */
  readonly others?: Readonly<Record<string, string>>;
}

/** Declares a rollup in the schema public. */
export async function declareRollup(
  { client }: Pick<DatabaseCopy, 'client'>,
  { dimensions, interval, others = {}, source, startFrom, target }: RollupOptions,
): Promise<void> {
  const further = Object.entries(others).map(([name, value]) => `, ${name} => ${value}`);
  await client.query(
    `select silver.create_rollup_table(source_table_name => $1, target_schema => 'public', target_table_name => $2,
       rollup_table_interval => $3::interval, start_from => $4::timestamptz, dimensions => $5::text[]${further.join('')})`,
    [source, target, interval, startFrom, dimensions === undefined ? null : [...dimensions]],
  );
}
