// What is done to entries. Each shows at once, and is taken back where the API refuses it.
import { api, read } from '@/api/client'
import { Problem } from '@/api/problem'
import type { BulkItem, NewTimeEntry, TimeEntry, TimeEntryChange } from '@/api/types'
import { deliver } from '@/offline/deliver'
import { newEntry, newId } from '@/offline/ops'
import { dropEntry, knownEntry, putEntry } from './cache'
import { beforeOf, changed } from './edit'
import { idNow } from './names'

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

export const readEntry = (id: string) => read(api.GET('/api/v1/time-entries/{id}', { params: { path: { id } } }))

/** The newest state, after a refusal that says that ours is old. */
async function refresh(id: string) {
  try {
    putEntry(await readEntry(id))
  } catch (reason) {
    if (reason instanceof Problem && reason.kind === 'not-found') dropEntry(id)
  }
}

export async function createEntry(entry: NewTimeEntry): Promise<TimeEntry> {
  const [made] = await deliver({ do: 'create', id: newId(), entry })
  return made as TimeEntry
}

export function changeEntry(entry: TimeEntry, change: TimeEntryChange): Promise<TimeEntry> {
  putEntry(changed(knownEntry(entry.id) ?? entry, change))
  return inTurn(entry.id, async () => {
    // What others of one's changes have made of it meanwhile stays.
    const before = () => changed(knownEntry(entry.id) ?? entry, beforeOf(entry, change))
    try {
      const [now] = await deliver({ do: 'change', entry: before(), change })
      return now as TimeEntry
    } catch (reason) {
      putEntry(before())
      if (reason instanceof Problem && ['stale', 'not-found'].includes(reason.kind)) await refresh(idNow(entry.id))
      throw reason
    }
  })
}

/** Many at once, all or nothing. Answers what was written, in the order of the items. */
export async function bulk(items: BulkItem[]): Promise<TimeEntry[]> {
  const entries = await Promise.all(items.map((item) => (item.action === 'create' ? newEntry(newId(), item.entry) : (knownEntry(item.id) ?? readEntry(item.id)))))
  return (await deliver({ do: 'bulk', items, entries })) as TimeEntry[]
}

export async function deleteEntries(entries: TimeEntry[]): Promise<void> {
  const now = entries.map((entry) => knownEntry(entry.id) ?? entry)
  now.forEach(({ id }) => dropEntry(id))
  try {
    await deliver({ do: 'bulk', items: now.map(({ id, version }) => ({ action: 'delete', id, version })), entries: now })
  } catch (reason) {
    entries.forEach(putEntry)
    throw reason
  }
}

export async function restoreEntries(entries: TimeEntry[]): Promise<void> {
  for (const entry of entries) await deliver({ do: 'restore', entry: { ...entry, id: idNow(entry.id) } })
}
