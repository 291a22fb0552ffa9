import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'

/** The client's request id, or a new one. */
export function requestId(request: Request): string {
  const given = request.headers['x-request-id']
  if (typeof given === 'string') return given
  return (request.headers['x-request-id'] = randomUUID())
}

/** The headers that every answer of ours has. */
export function common(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('x-request-id', requestId(request))
  response.setHeader('cache-control', 'private, no-cache')
  response.setHeader('vary', 'Authorization')
  next()
}
