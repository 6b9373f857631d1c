/** A call of a command that runs until it is stopped, or that cannot start. */
export interface ServiceCase {
  readonly command: string;
  readonly args?: readonly string[];
  readonly on?: 'empty' | 'nowhere';
  readonly code: number;
  readonly says: RegExp;
}

/** The commands that run until they are stopped: what they say once they run, and why they do not. `up` has a test file of its own. */
export const services: readonly ServiceCase[] = [
  { command: 'scheduler', code: 0, says: /scheduler started/ },
  { command: 'scheduler', on: 'empty', code: 4, says: /no schema silver/ },
  { command: 'scheduler', on: 'nowhere', code: 3, says: /cannot be reached/ },
  { command: 'worker', code: 0, says: /worker started/ },
  {
    command: 'worker',
    args: ['--concurrency', '0'],
    code: 2,
    says: /SILVER_WORKER_CONCURRENCY="0" is below 1/,
  },
  { command: 'worker', on: 'empty', code: 4, says: /no schema silver/ },
  { command: 'console', args: ['--port', '0'], code: 0, says: /console started/ },
  { command: 'console', args: ['--port', 'x'], code: 2, says: /SILVER_CONSOLE_PORT/ },
  // Its successes are in up.test.ts, for it brings a server of its own.
  { command: 'up', code: 0, says: /Silver is up/ },
  { command: 'up', args: ['--port', '0'], code: 2, says: /not between 1 and 65535/ },
];
