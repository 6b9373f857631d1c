/** What the exit code of every command tells a script; `silver --help` lists them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  schema: 4,
  found: 5,
} as const;

/** The table of exit codes below `silver --help`. */
export const exitCodesHelp = `
Exit codes:
  0  done
  1  it failed
  2  it was asked wrongly: an unknown command or option, a value out of range
  3  the database cannot be reached
  4  the database does not fit: not migrated, or of another version
  5  it looked for what is wrong and found something (verify, validate, doctor), or what it watched did not end well`;
