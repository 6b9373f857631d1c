export { type MemberOptions, startMember } from './fleet/start-member.ts';
export type { SupervisedProcess } from './fleet/supervise-process.ts';
export { type LoadOptions, loadFlights } from './flights/load-flights.ts';
export { countFlights } from './flights/read-flights.ts';
export { type Connection, connect } from './run/connect.ts';
export { Interruption, stopOnSignals } from './run/until-stopped.ts';
