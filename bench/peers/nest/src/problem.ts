// Refusals: RFC 9457 problem details, as ours are.
import { ArgumentsHost, Catch, ExceptionFilter, HttpException, ValidationPipe } from '@nestjs/common'
import type { Request, Response } from 'express'
import { requestId } from './headers.js'

/** Of our kinds those that creating and listing entries meet: status, title and, where no other words are said, advice. */
const KINDS = {
  'malformed': [400, 'The request cannot be read', ''],
  'unauthenticated': [401, 'Log in first', ''],
  'forbidden': [403, 'Your role does not allow this', ''],
  'not-found': [404, 'There is no such thing', "Nothing is at this address, or it is somebody else's: both read the same."],
  'overlap': [409, 'The entry overlaps another one', "A person's entries never share time. `conflict` is the other entry; `possible_end`, where there is one, is the latest end that fits before it, `possible_start` the earliest start after it. A timer that another entry covers can get that start, or be discarded."],
  'timer-running': [409, 'A timer is running already', 'A person has one running entry at most. `conflict` is the one that runs: stop it first, or switch.'],
  'locked': [409, 'This time is settled', "An administrator has locked the time before `locked_before`: entries that begin there are neither made, changed nor deleted. A timer that ran when the lock was set can still be changed, ended and discarded; it must not begin earlier. For anything else, ask an administrator to move the lock."],
  'invalid': [422, 'A field is not right', ''],
  'zero-length': [422, 'An entry has a length', 'An entry ends at least one second after it starts. Discard a timer that you started by mistake.'],
  'too-long': [422, 'An entry is at most one day long', ''],
  'in-the-future': [422, 'Time is tracked when it has passed', ''],
  'unknown-name': [422, 'No such project, client, task or tag', 'The id in `field` names nothing that lives, something of another kind, or a task of another project.'],
  'archived': [422, 'It is archived', 'An archived item is kept for history and not used for new time. Take another one, or bring it back first.'],
  'internal': [500, 'Something went wrong on our side', 'Nothing was changed. The request id helps to find why.'],
  'unavailable': [503, 'Try again in a moment', 'The database does not answer: try again in a moment, a write with the same `Idempotency-Key`.'],
} as const satisfies Record<string, [number, string, string]>

export type Kind = keyof typeof KINDS

export class Problem extends Error {
  constructor(
    readonly kind: Kind,
    readonly members: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(kind)
  }

  /** What `tracking.write` refused, with its members. */
  static refused({ refused, ...members }: Record<string, unknown>): Problem {
    const known = typeof refused === 'string' && refused in KINDS
    return known ? new Problem(refused as Kind, members) : new Problem('internal')
  }
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const problem = asProblem(error)
    const [status, title, advice] = KINDS[problem.kind]
    const id = requestId(http.getRequest<Request>())
    const body = { type: `/problems/${problem.kind}`, title, status, detail: advice, ...problem.members, request_id: id }
    const response = http.getResponse<Response>()
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
    if (problem.kind === 'unavailable') response.setHeader('retry-after', '2')
    response.status(status).type('application/problem+json').send(JSON.stringify(body))
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HttpException && error.getStatus() === 404) return new Problem('not-found')
  if (error instanceof HttpException && error.getStatus() === 400) {
    return new Problem('malformed', { detail: `The body is not JSON: ${error.message}` })
  }
  console.error(error)
  return new Problem('internal')
}

/** Bodies and parameters are read as strictly as ours: an unknown field is an error, of this kind. */
export function strictly(kind: Kind): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    exceptionFactory: ([first]) => {
      const detail = Object.values(first?.constraints ?? {})[0] ?? 'This is not of its form.'
      return new Problem(kind, { detail, field: first?.property })
    },
  })
}
