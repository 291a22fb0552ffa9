// What is done to entries, as data: it can be sent now, or kept, shown meanwhile, and sent later.
import type { BulkItem, NewTimeEntry, NewTimer, TimeEntry, TimeEntryChange } from '@/api/types'
import { changed, lengthOf } from '@/entries/edit'
import { iso } from '@/time/zone'

/** `entry` is what it was before. What is new has an id of ours until the API has given it its own. */
export type Lasting =
  | { do: 'create'; id: string; entry: NewTimeEntry }
  | { do: 'change'; entry: TimeEntry; change: TimeEntryChange }
  /** `entries`: what each item is about. */
  | { do: 'bulk'; items: BulkItem[]; entries: TimeEntry[] }
  | { do: 'restore'; entry: TimeEntry }

/** These mean the moment in which they are sent. */
export type Instant =
  | { do: 'start'; id: string; work: NewTimer; stops?: TimeEntry }
  | { do: 'stop'; entry: TimeEntry; end?: string }
  | { do: 'discard'; entry: TimeEntry }

export type Op = Lasting | Instant

/** What there is of each entry of an op, in the order of `idsOf`. */
export type Outcome = (TimeEntry | undefined)[]

/** An id for what the API has not seen yet. */
export const newId = () => crypto.randomUUID()

export function newEntry(id: string, { start, end = null, zone, ...entry }: NewTimeEntry): TimeEntry {
  const work = { description: '', project_id: null, task_id: null, tag_ids: [], billable: false, ...entry }
  return { ...work, id, user_id: '', start, end, seconds: lengthOf({ start, end }), zone: zone ?? 'UTC', version: 0, created_at: start, updated_at: start }
}

/** The entries that it is about. */
export function idsOf(op: Op): string[] {
  if (op.do === 'create') return [op.id]
  if (op.do === 'bulk') return op.entries.map(({ id }) => id)
  if (op.do === 'start') return op.stops ? [op.stops.id, op.id] : [op.id]
  return [op.entry.id]
}

export const shares = (a: Op, b: Op) => idsOf(a).some((id) => idsOf(b).includes(id))

/** The entries that it makes. */
export function madeBy(op: Lasting): string[] {
  if (op.do === 'create') return [op.id]
  return op.do === 'bulk' ? op.entries.filter((_entry, index) => op.items[index]?.action === 'create').map(({ id }) => id) : []
}

/** Whether the entry at this place is gone afterwards. */
export const deletes = (op: Op, index: number) => op.do === 'discard' || (op.do === 'bulk' && op.items[index]?.action === 'delete')

/** The same, as it is to be sent later: with the moment that was meant. */
export function lasting(op: Op, now: number): Lasting {
  const after = (entry?: TimeEntry) => iso(Math.max(now, entry ? Date.parse(entry.start) + 1000 : 0))
  if (op.do === 'stop') return { do: 'change', entry: op.entry, change: { end: op.end ?? after(op.entry) } }
  if (op.do === 'discard') return { do: 'bulk', items: [{ action: 'delete', id: op.entry.id, version: op.entry.version }], entries: [op.entry] }
  if (op.do !== 'start') return op
  const entry: NewTimeEntry = { ...op.work, start: op.work.start ?? after(op.stops) }
  if (!op.stops) return { do: 'create', id: op.id, entry }
  const { id, version } = op.stops
  const items: BulkItem[] = [
    { action: 'change', id, version, change: { end: entry.start } },
    { action: 'create', entry },
  ]
  return { do: 'bulk', items, entries: [op.stops, newEntry(op.id, entry)] }
}

/** Those of a queue that can be sent: what builds on a refused one waits with it. */
export function sendable<T extends { op: Op; refused?: unknown }>(items: T[]): T[] {
  const held: Op[] = []
  return items.filter(({ op, refused }) => {
    const isFree = !refused && !held.some((other) => shares(other, op))
    if (!isFree) held.push(op)
    return isFree
  })
}

/** The entries as it makes them; a deleted one as it was. */
export function afterOp(op: Lasting, known: (id: string) => TimeEntry | undefined): TimeEntry[] {
  const now = (entry: TimeEntry) => known(entry.id) ?? entry
  if (op.do === 'create') return [newEntry(op.id, op.entry)]
  if (op.do === 'change') return [changed(now(op.entry), op.change)]
  if (op.do === 'restore') return [op.entry]
  return op.entries.map((entry, index) => {
    const item = op.items[index]
    if (item?.action === 'create') return newEntry(entry.id, item.entry)
    return item?.action === 'change' ? changed(now(entry), item.change) : now(entry)
  })
}

/** The same for an entry that is called otherwise by now, or has a newer version. */
export function rebased<T extends Lasting>(op: T, id: string, to: { id: string; version: number }): T {
  const moved = (entry: TimeEntry) => (entry.id === id ? { ...entry, id: to.id, version: Math.max(entry.version, to.version) } : entry)
  if (op.do === 'create') return op
  if (op.do !== 'bulk') return { ...op, entry: moved(op.entry) }
  const entries = op.entries.map(moved)
  const items = op.items.map((item, index) => (item.action === 'create' ? item : { ...item, id: entries[index]?.id ?? item.id, version: entries[index]?.version ?? item.version }))
  return { ...op, items, entries }
}

/** Both as one, where the second one only changes what the first one has made or changed. */
export function folded(first: Lasting, next: Lasting): Lasting | undefined {
  if (next.do !== 'change') return undefined
  const { entry, change } = next
  if (first.do === 'create' && first.id === entry.id) return { ...first, entry: { ...first.entry, ...change } }
  if (first.do === 'change' && first.entry.id === entry.id) return { ...first, change: { ...first.change, ...change } }
  if (first.do !== 'bulk') return undefined
  const at = first.entries.findIndex(({ id }) => id === entry.id)
  const item = first.items[at]
  if (!item || item.action === 'delete') return undefined
  const both: BulkItem = item.action === 'create' ? { ...item, entry: { ...item.entry, ...change } } : { ...item, change: { ...item.change, ...change } }
  return { ...first, items: first.items.with(at, both) }
}

/** What is left of it without an entry. */
export function without(op: Lasting, id: string): Lasting | undefined {
  if (op.do !== 'bulk') return idsOf(op).includes(id) ? undefined : op
  const stays = (_: unknown, index: number) => op.entries[index]?.id !== id
  const items = op.items.filter(stays)
  return items.length ? { ...op, items, entries: op.entries.filter(stays) } : undefined
}
