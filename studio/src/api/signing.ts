/** Ways in. They do not pass the client that pages use: a refusal here is an answer, not the end of a session. */
import { ApiError, at, errorOf } from './client';
import type { MeShape, SessionShape } from './schema';

/** Too many attempts: `until` says when the next one may be made. */
export class Throttled extends ApiError {
  readonly until: number;

  constructor(error: ApiError, seconds: number) {
    super(error.status, error.problem);
    this.until = Date.now() + seconds * 1000;
  }
}

export interface Ways {
  session: { login: string; password: string };
  'session/link': { token: string };
  'session/token': { token: string };
  setup: { login: string; name: string; password: string };
  'me/password': { password: string; current?: string };
}

export async function enter<Way extends keyof Ways>(way: Way, body: Ways[Way]): Promise<MeShape> {
  const answer = await asked(`api/v1/${way}`, { method: 'POST', body: JSON.stringify(body) });
  return (await answer.json()) as MeShape;
}

/** What a sign-in page must know, told to everybody. */
export async function doors(): Promise<SessionShape> {
  return (await (await asked('api/v1/session', {})).json()) as SessionShape;
}

async function asked(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(at(path), {
      ...init,
      headers: { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang },
    });
  } catch {
    throw new ApiError(0, {});
  }
  if (answer.ok) return answer;
  const error = await errorOf(answer);
  const wait = Number(answer.headers.get('Retry-After'));
  throw answer.status === 429 && wait > 0 ? new Throttled(error, wait) : error;
}
