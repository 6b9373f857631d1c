/** SQLSTATEs and errors of the network that mean: the server, the backend or the wait for a lock has come to an end. */
const interruption = /^(08|40|57P|57014|55P03|25P03|E[A-Z]+$)/;

/** What faults and other sessions bring about, however right everybody is. */
export function isInterruption(error: unknown): boolean {
  const { code, message, name } = error as { code?: string; message?: string; name?: string };
  return (
    name === 'AbortError' ||
    (code === undefined
      ? /connection (terminated|error)|not queryable|timeout expired/i.test(message ?? '')
      : interruption.test(code))
  );
}
