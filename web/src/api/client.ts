// The REST API, typed by its own document. `read` and `write` turn refusals into `Problem`s.
import createClient from 'openapi-fetch'
import { session } from '@/auth/session'
import { away } from './network'
import { Problem, problemOf } from './problem'
import type { paths } from './schema'

export const api = createClient<paths>({ baseUrl: '/', fetch: authorized })

/** What is there for everybody who has its address. */
export const openApi = createClient<paths>({ baseUrl: '/' })

/** The gateway's own words that nobody answers it: those of the API are JSON. */
const isAlone = ({ status, headers }: Response) => [502, 503, 504].includes(status) && !headers.get('Content-Type')?.includes('json')

/** Also when the session has ended meanwhile: the request waits for the next login, so what was typed is not lost. */
async function authorized(request: Request): Promise<Response> {
  const send = async () => {
    const attempt = request.clone()
    attempt.headers.set('Authorization', `Bearer ${await session.token()}`)
    const response = await fetch(attempt)
    away.value = isAlone(response)
    return response
  }
  const response = await send()
  if (response.status !== 401) return response
  // The token was fresh by our clock and is not by theirs, or the session was ended elsewhere.
  await session.renew()
  return send()
}

export interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

export async function read<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason
    away.value = true
    throw new Problem('offline', 0)
  })
  if (!response.ok) throw problemOf(response, error)
  return data as T
}

/** What a write says beside its body. */
export interface WriteHeaders {
  'Idempotency-Key': string
}

const WAITS = [400, 1500]

/** A write: what got no answer is sent again under the same key, so it has one effect. */
export async function write<T>(request: (header: WriteHeaders) => Promise<Answer<T>>, key: string = crypto.randomUUID()): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await read(request({ 'Idempotency-Key': key }))
    } catch (reason) {
      const wait = WAITS[attempt]
      if (!(reason instanceof Problem) || !reason.passing || wait === undefined) throw reason
      await new Promise((done) => setTimeout(done, (reason.retryAfter ?? 0) * 1000 || wait))
    }
  }
}

/** The value of `If-Match` for a change of this version. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })
