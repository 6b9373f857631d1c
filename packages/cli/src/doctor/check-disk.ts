import { statfs } from 'node:fs/promises';
import type { Finding } from './finding.ts';

/** Where the server keeps its data, as far as the role may know, and how large this database is. */
export interface ServerDisk {
  readonly directory: string | null;
  readonly local: boolean;
  readonly databaseBytes: number;
}

const gigabyte = 1024 ** 3;

/** The room left on the disk of the data directory, where that is on this machine; elsewhere it says who has to look. */
export async function checkDisk({
  databaseBytes,
  directory,
  local,
}: ServerDisk): Promise<readonly Finding[]> {
  const disk =
    local && directory !== null ? await statfs(directory).catch(() => undefined) : undefined;
  if (disk === undefined) {
    return [
      {
        severity: 'info',
        code: 'disk_unknown',
        message: `the room on the server's disk cannot be seen from here; the database takes ${(databaseBytes / gigabyte).toFixed(1)} GB`,
        remedy: 'Look there, or in the console of your provider: df -h on the data directory.',
      },
    ];
  }
  const free = disk.bavail * disk.bsize;
  const share = disk.bavail / disk.blocks;
  if (share > 0.1 || free > 50 * gigabyte) {
    return [];
  }
  return [
    {
      severity: share < 0.03 ? 'error' : 'warning',
      code: 'disk',
      message: `${(free / gigabyte).toFixed(1)} GB (${Math.floor(share * 100)} %) are left on the disk of ${directory}`,
      remedy: 'Give it more room, drop old partitions, or set a retention_period.',
    },
  ];
}
