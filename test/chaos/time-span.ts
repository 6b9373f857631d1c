/** How far back the finest rollups reach, in minutes. */
export const recentMinutes = 20;
/** Days before today for which there is no partition but those that come and go. */
export const absentDays = { from: 90, to: 60 } as const;
/** Days before today at which the newest partition begins. */
export const newestDays = 20;
/** Partitions that come full and go, each of as many days of the absent ones. */
export const slots = 10;
