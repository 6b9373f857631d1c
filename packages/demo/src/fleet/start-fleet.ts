import { startMember } from './start-member.ts';

export interface FleetOptions {
  readonly databaseUrl: string;
  readonly workers: number;
  readonly onNote: (line: string) => void;
  readonly onGiveUp: (error: Error) => void;
}

/** Starts one scheduler and some workers, each a process; all are stopped together. */
export function startFleet({ workers, ...options }: FleetOptions): AsyncDisposable {
  const numbers = Array.from({ length: workers }, (_, index) => index + 1);
  const members = [
    startMember({ ...options, role: 'scheduler', name: 'scheduler' }),
    ...numbers.map((number) =>
      startMember({ ...options, role: 'worker', name: `worker ${number}` }),
    ),
  ];
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
    },
  };
}
