/** Something that is wrong, or will be, and what to do about it. As `silver.check_server` and `silver.validate_rollup_config` return them. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly target_table?: string | null | undefined;
  readonly message: string;
  readonly remedy: string;
}
