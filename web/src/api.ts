// The REST API as the page needs it.
import { auth } from './auth'

export interface Entry {
  id: string
  start: string
  end: string | null
  zone: string
  seconds: number | null
  description: string
  project: string | null
}

export interface Page {
  items: Entry[]
  next_cursor: string | null
}

export interface Summary {
  seconds: number
  groups: { key: string | null; seconds: number }[]
}

/** A refusal: `kind` is the last part of the problem's type, `field` the one to blame. */
export class Problem extends Error {
  constructor(
    readonly kind: string,
    detail: string,
    readonly field?: string,
  ) {
    super(detail)
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Authorization: `Bearer ${await auth.token()}` }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const response = await fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) }).catch(() => {
    throw new Problem('offline', '')
  })
  if (response.status === 204) return undefined as T
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Problem(answer.type?.split('/').pop() ?? 'unknown', answer.detail ?? '', answer.field)
  return answer as T
}

export const api = {
  entries: (cursor?: string) => call<Page>('GET', `/time-entries?limit=20${cursor ? `&cursor=${cursor}` : ''}`),
  create: (entry: Pick<Entry, 'start' | 'end' | 'zone' | 'description' | 'project'>) =>
    call<Entry>('POST', '/time-entries', entry),
  stop: (id: string) => call<Entry>('PATCH', `/time-entries/${id}`, { end: new Date().toISOString() }),
  remove: (id: string) => call<void>('DELETE', `/time-entries/${id}`),
  summary: (from: string, to: string, groupBy: 'day' | 'project') =>
    call<Summary>('GET', `/reports/summary?from=${from}&to=${to}&group_by=${groupBy}`),
}
