// The REST API as the page needs it.
import { auth } from './auth'

export interface Entry {
  id: string
  start: string
  end: string | null
  zone: string
  seconds: number | null
  description: string
  project_id: string | null
  version: number
}

export interface Project {
  id: string
  name: string
  color: string
}

export interface Page {
  items: Entry[]
  next_cursor: string | null
}

export interface Summary {
  totals: { seconds: number }
  groups: { keys: { key: string | null; name: string | null; color: string | null }[]; seconds: number }[]
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

interface Said {
  body?: unknown
  /** The version that a change is meant for. */
  version?: number
}

async function call<T>(method: string, path: string, { body, version }: Said = {}): Promise<T> {
  const headers: Record<string, string> = { Authorization: `Bearer ${await auth.token()}` }
  if (version !== undefined) headers['If-Match'] = `"${version}"`
  // A repeat of the same request (a proxy's, the browser's own) has one effect.
  if (method === 'POST') headers['Idempotency-Key'] = crypto.randomUUID()
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
  create: (entry: Pick<Entry, 'start' | 'end' | 'zone' | 'description' | 'project_id'>) =>
    call<Entry>('POST', '/time-entries', { body: entry }),
  stop: ({ id, version }: Entry) =>
    call<Entry>('PATCH', `/time-entries/${id}`, { body: { end: new Date().toISOString() }, version }),
  remove: ({ id, version }: Entry) => call<void>('DELETE', `/time-entries/${id}`, { version }),
  projects: () => call<{ items: Project[] }>('GET', '/projects?limit=200&archived=false'),
  createProject: (name: string) => call<Project>('POST', '/projects', { body: { name } }),
  summary: (from: string, to: string, groupBy: 'day' | 'project') =>
    call<Summary>('GET', `/reports/summary?from=${from}&to=${to}&group_by=${groupBy}`),
}
