// What the API refuses, and what keeps it from answering, as one kind of error.
import type { ProblemBody } from './types'

/** `offline`: no answer came; `unknown`: an answer that is no problem of the API's. */
export type Kind = string

export class Problem extends Error {
  override name = 'Problem'

  constructor(
    /** The last part of the problem's type. */
    readonly kind: Kind,
    readonly status: number,
    /** The whole problem: some kinds have members of their own. */
    readonly body: Partial<ProblemBody> & Record<string, unknown> = {},
    /** Seconds to wait before the next try, where the API says so. */
    readonly retryAfter?: number,
  ) {
    super(body.detail ?? body.title ?? kind)
  }

  /** The field to blame, if there is one. */
  get field(): string | undefined {
    return this.body.field
  }

  /** The same request may succeed in a moment. */
  get passing(): boolean {
    return ['offline', 'unavailable', 'too-many-requests', 'contended'].includes(this.kind)
  }
}

/** The problem that an answer carries. */
export function problemOf(response: Response, body: unknown): Problem {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined
  if (typeof body === 'object' && body && 'type' in body && typeof body.type === 'string') {
    return new Problem(body.type.split('/').pop() ?? 'unknown', response.status, body as Problem['body'], retryAfter)
  }
  // The gateway's own refusals are plain text.
  const kinds: Record<number, Kind> = { 401: 'unauthenticated', 413: 'body-too-large', 429: 'too-many-requests', 502: 'unavailable', 503: 'unavailable', 504: 'unavailable' }
  return new Problem(kinds[response.status] ?? 'unknown', response.status, {}, retryAfter)
}
