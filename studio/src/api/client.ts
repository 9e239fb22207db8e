/** The admin API, typed by its own description (`schema.ts` is generated from it). */
import createClient, { type Middleware } from 'openapi-fetch';
import type { Problem, paths } from './schema';

export const base = new URL('.', document.baseURI);

/** The address of something of this platform, below whatever path a proxy put the studio. */
export function at(path: string): string {
  return new URL(path.replace(/^\//, ''), base).href;
}

/** What the API said was wrong, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** Tells whoever listens that the platform could not be reached (`unreachable`), does not know us (`unknown`), is `back`. */
export const trouble = new EventTarget();

export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Partial<Problem> & { error?: { message?: string } };
    return new ApiError(response.status, body.error?.message ? { detail: body.error.message } : body);
  } catch {
    return new ApiError(response.status, { detail: text.slice(0, 500) || response.statusText });
  }
}

const failures: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', document.documentElement.lang);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    if (response.status === 401) trouble.dispatchEvent(new Event('unknown'));
    throw await errorOf(response);
  },
  onError({ error }) {
    if (error instanceof ApiError) return error;
    if (!(error instanceof DOMException && error.name === 'AbortError')) {
      trouble.dispatchEvent(new Event('unreachable'));
    }
    return new ApiError(0, {});
  },
};

export const client = createClient<paths>({
  baseUrl: base.href.replace(/\/$/, ''),
  credentials: 'same-origin',
  querySerializer: { array: { style: 'form', explode: true } },
});
client.use(failures);

/** The data of an answer; failures were thrown before. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
