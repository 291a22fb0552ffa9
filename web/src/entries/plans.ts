// Splitting, merging and the like, as the changes they are made of. Pure, so that each can be tested.
import type { BulkItem, NewTimeEntry, TimeEntry, TimeEntryChange } from '@/api/types'
import { iso } from '@/time/zone'

const start = (entry: TimeEntry) => Date.parse(entry.start)
const end = (entry: TimeEntry) => Date.parse(entry.end ?? entry.start)

/** The same work at another time. */
export const copyOf = ({ description, project_id, task_id, tag_ids, billable, zone }: TimeEntry, from: number, to: number): NewTimeEntry => ({
  description,
  project_id,
  task_id,
  tag_ids,
  billable,
  zone,
  start: iso(from),
  end: iso(to),
})

export const changeOf = ({ id, version }: TimeEntry, change: TimeEntryChange): BulkItem => ({ action: 'change', id, version, change })

/** Two of one, cut at that instant. */
export function split(entry: TimeEntry, at: number): BulkItem[] {
  return [changeOf(entry, { end: iso(at) }), { action: 'create', entry: copyOf(entry, at, end(entry)) }]
}

export interface Merge {
  items: BulkItem[]
  /** What it becomes part of. */
  into: TimeEntry
  gone: TimeEntry[]
  change: TimeEntryChange
  /** Seconds that lay between them and are counted now. */
  gaps: number
  /** They were of several projects or tasks, and are of one now. */
  isWorkMixed: boolean
  /** Some of them were not billable, and are now. */
  isBillableMixed: boolean
}

/** Characters of a description. */
const MOST = 1000

/** One of several: the first one lasts until the end of the last one, with the words of all of them. */
export function merge(entries: TimeEntry[]): Merge | 'too-long' | undefined {
  const sorted = entries.filter((entry) => entry.end).sort((a, b) => start(a) - start(b))
  const [into, ...gone] = sorted
  if (!into || !gone.length) return undefined
  const last = Math.max(...sorted.map(end))
  let gaps = 0
  let covered = end(into)
  for (const entry of gone) {
    gaps += Math.max(0, start(entry) - covered) / 1000
    covered = Math.max(covered, end(entry))
  }
  const description = [...new Set(sorted.map(({ description }) => description).filter(Boolean))].join('; ')
  if ([...description].length > MOST) return 'too-long'
  const change: TimeEntryChange = {
    end: iso(last),
    description,
    tag_ids: [...new Set(sorted.flatMap(({ tag_ids }) => tag_ids))],
    billable: sorted.some(({ billable }) => billable),
  }
  const named = sorted.find(({ project_id }) => project_id)
  if (named && !into.project_id) Object.assign(change, { project_id: named.project_id, task_id: named.task_id ?? null })
  const works = new Set(sorted.filter(({ project_id }) => project_id).map(({ project_id, task_id }) => `${project_id} ${task_id ?? ''}`))
  // First the others go, for no two may share time.
  return { items: [...gone.map(({ id, version }): BulkItem => ({ action: 'delete', id, version })), changeOf(into, change)], into, gone, change, gaps, isWorkMixed: works.size > 1, isBillableMixed: sorted.some(({ billable }) => billable !== change.billable) }
}

/** The first free time after the entry that is as long, on what is known, before `now`. */
export function freeSlot(entry: TimeEntry, known: TimeEntry[], now: number): number | undefined {
  const length = end(entry) - start(entry)
  let from = end(entry)
  const later = known.filter((other) => !other.end || end(other) > from).sort((a, b) => start(a) - start(b))
  for (const other of later) {
    if (start(other) - from >= length) break
    if (!other.end) return undefined
    from = Math.max(from, end(other))
  }
  return from + length <= now ? from : undefined
}

/** The fields of work, for taking a change back. */
export const fieldsOf = ({ description, project_id, task_id, tag_ids, billable, start, end, zone }: TimeEntry): TimeEntryChange => ({
  description,
  project_id: project_id ?? null,
  task_id: task_id ?? null,
  tag_ids,
  billable,
  start,
  end: end ?? null,
  zone,
})
