/** What was asked for cannot be done, and the message says why and what to do: no stack is shown. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
