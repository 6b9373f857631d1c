import type { ConsoleInfo } from '@silver/console/api';
import { useRead } from './use-read.ts';

/** What this console may do; null until it is known. */
export function useInfo(): ConsoleInfo | null {
  return useRead<ConsoleInfo>('/api/info').answer;
}
