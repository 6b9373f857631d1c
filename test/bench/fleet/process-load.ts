import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for every program. */
const ticksPerSecond = 100;

/** Processor time a process has used so far; 0 where there is no such process or no /proc. */
export function cpuSeconds(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // After the name, which may hold anything: state is the third field, user and system time the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
