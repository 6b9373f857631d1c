import { z } from 'zod';

/** What the supervisor is started with, as JSON in its only argument. */
export const serverPlan = z.object({
  /** Directory with `bin/` and `lib/` of PostgreSQL. */
  binaries: z.string(),
  /** Directory made for this server alone. Holds `data/` and the socket. */
  directory: z.string(),
  /** Whether it stays when the server is closed; else it is removed. */
  keep: z.boolean(),
  port: z.int().positive(),
  settings: z.record(z.string(), z.string()),
  /** Who runs PostgreSQL; absent: whoever runs the supervisor. */
  owner: z.object({ uid: z.int(), gid: z.int() }).optional(),
});
export type ServerPlan = z.infer<typeof serverPlan>;

/** How a server is stopped: fast ends sessions, immediate skips the checkpoint, kill is SIGKILL to the postmaster. */
export const stopMode = z.enum(['fast', 'immediate', 'kill']);
export type StopMode = z.infer<typeof stopMode>;

/** A line the parent writes to the supervisor. The end of its input means: stop, remove unless kept, exit. */
export const serverOrder = z.discriminatedUnion('order', [
  z.object({ order: z.literal('start') }),
  z.object({ order: z.literal('stop'), mode: stopMode }),
]);
export type ServerOrder = z.infer<typeof serverOrder>;

/** The line the supervisor answers each order with. */
export const serverAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running'), pid: z.int() }),
  z.object({ state: z.literal('stopped') }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);
export type ServerAnswer = z.infer<typeof serverAnswer>;
