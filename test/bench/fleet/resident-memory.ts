import { readFileSync } from 'node:fs';
import type { SupervisedProcess } from '@silver/demo';

/** Resident memory of a process in MB; NaN where there is no /proc. */
export function residentMb({ pid }: Pick<SupervisedProcess, 'pid'>): number {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
