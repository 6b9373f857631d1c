/** An instant for the API, from what a field for date and time holds, read as UTC; null while it is no such thing. */
export function toChosenInstant(field: string): string | null {
  const at = Date.parse(`${field}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
