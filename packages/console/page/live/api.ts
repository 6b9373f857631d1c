import type { Problem } from '@silver/console/api';

/** An answer that was no success: what the server says went wrong, and what to do. */
export class ApiError extends Error {
  readonly remedy: string | null;

  constructor({ message, remedy }: Problem) {
    super(message);
    this.remedy = remedy;
  }
}

/** Reads from the API. Throws ApiError. */
export function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return request<Answer>(path, signal === undefined ? {} : { signal });
}

/** Sends to the API. Throws ApiError. */
export function postJson<Answer>(path: string, body: unknown): Promise<Answer> {
  return request<Answer>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function request<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, init);
  const text = await response.text();
  if (!response.ok) {
    throw new ApiError(readProblem(text, response.status));
  }
  return JSON.parse(text) as Answer;
}

function readProblem(text: string, status: number): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { message: `The console answered with status ${status}.`, code: null, remedy: null };
  }
}
