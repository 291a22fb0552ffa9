// What is done to entries. Each shows at once, and is taken back where the API refuses it.
import { api, ifMatch, read, write } from '@/api/client'
import { Problem } from '@/api/problem'
import type { BulkItem, NewTimeEntry, TimeEntry, TimeEntryChange } from '@/api/types'
import { dropEntry, knownEntry, putEntry } from './cache'
import { beforeOf, changed } from './edit'

/** The writes to each entry go one after the other, so that each knows the version of the one before. */
const queues = new Map<string, Promise<unknown>>()

export function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
  const turn = (queues.get(id) ?? Promise.resolve()).then(work, work)
  const done = turn.catch(() => undefined)
  queues.set(id, done)
  void done.then(() => queues.get(id) === done && queues.delete(id))
  return turn
}

/** When all that was begun with the entry is done. */
export const settled = (id: string): Promise<unknown> => queues.get(id) ?? Promise.resolve()

/** The newest state, after a refusal that says that ours is old. */
async function refresh(id: string) {
  try {
    putEntry(await read(api.GET('/api/v1/time-entries/{id}', { params: { path: { id } } })))
  } catch (reason) {
    if (reason instanceof Problem && reason.kind === 'not-found') dropEntry(id)
  }
}

export async function createEntry(entry: NewTimeEntry): Promise<TimeEntry> {
  const made = await write((header) => api.POST('/api/v1/time-entries', { params: { header }, body: entry }))
  putEntry(made)
  return made
}

export function changeEntry(entry: TimeEntry, change: TimeEntryChange): Promise<TimeEntry> {
  putEntry(changed(knownEntry(entry.id) ?? entry, change))
  return inTurn(entry.id, async () => {
    const { id, version } = knownEntry(entry.id) ?? entry
    try {
      const now = await write((header) =>
        api.PATCH('/api/v1/time-entries/{id}', { params: { path: { id }, header: { ...header, ...ifMatch(version) } }, body: change }),
      )
      putEntry(now)
      return now
    } catch (reason) {
      // What others of one's changes have made of it meanwhile stays.
      putEntry(changed(knownEntry(id) ?? entry, beforeOf(entry, change)))
      if (reason instanceof Problem && ['stale', 'not-found'].includes(reason.kind)) await refresh(id)
      throw reason
    }
  })
}

/** Many at once, all or nothing. Answers what was written, in the order of the items. */
export async function bulk(items: BulkItem[]): Promise<TimeEntry[]> {
  const { results } = await write((header) => api.POST('/api/v1/time-entries/bulk', { params: { header }, body: { items } }))
  results.forEach(({ index, entry }) => (items[index]?.action === 'delete' ? dropEntry(entry.id) : putEntry(entry)))
  return results.map(({ entry }) => entry)
}

export async function deleteEntries(entries: TimeEntry[]): Promise<void> {
  entries.forEach(({ id }) => dropEntry(id))
  try {
    await bulk(entries.map(({ id, version }) => ({ action: 'delete', id, version })))
  } catch (reason) {
    entries.forEach(putEntry)
    throw reason
  }
}

export async function restoreEntries(entries: TimeEntry[]): Promise<void> {
  for (const { id } of entries) {
    putEntry(await write((header) => api.POST('/api/v1/time-entries/{id}/restore', { params: { path: { id }, header } })))
  }
}
