// What a time that is typed into an entry makes of it.
import type { TimeEntry, TimeEntryChange } from '@/api/types'
import { instantOf, iso, plusDays, wallOf } from '@/time/zone'

/** Seconds from its start to its end; nothing of what runs. */
export const lengthOf = ({ start, end }: Pick<TimeEntry, 'start' | 'end'>): number | null => (end ? Math.round((Date.parse(end) - Date.parse(start)) / 1000) : null)

/** The entry as it will be. */
export function changed(entry: TimeEntry, change: TimeEntryChange): TimeEntry {
  const next = { ...entry, ...change }
  return { ...next, seconds: lengthOf(next) }
}

/** What the fields of a change were before it. */
export const beforeOf = (entry: TimeEntry, change: TimeEntryChange): TimeEntryChange =>
  Object.fromEntries(Object.keys(change).map((field) => [field, entry[field as keyof TimeEntryChange] ?? null]))

/** Another start, on the same day; the end stays. What is shown already is no change: the seconds stay. */
export function withStart(entry: TimeEntry, minutes: number): TimeEntryChange {
  const { day, minutes: shown } = wallOf(entry.start, entry.zone)
  if (minutes === shown) return {}
  return { start: iso(instantOf(day, minutes, entry.zone)) }
}

/** Another end: the first time after the start that the clock shows this. */
export function withEnd(entry: TimeEntry, minutes: number): TimeEntryChange {
  if (entry.end && minutes === wallOf(entry.end, entry.zone).minutes) return {}
  return { end: iso(endAfter(Date.parse(entry.start), minutes, entry.zone)) }
}

export function endAfter(start: number, minutes: number, zone: string): number {
  const { day } = wallOf(start, zone)
  const same = instantOf(day, minutes, zone)
  return same > start ? same : instantOf(plusDays(day, 1), minutes, zone)
}

/** Another length: the end moves. Of what runs the start moves. */
export function withLength(entry: TimeEntry, seconds: number, now: number): TimeEntryChange {
  if (!entry.end) return { start: iso(now - seconds * 1000) }
  return { end: iso(Date.parse(entry.start) + seconds * 1000) }
}

/** How the other entry makes room for this one: it ends earlier, or begins later. Nothing where it would have to go. */
export function roomFor(entry: TimeEntry, change: TimeEntryChange, other: TimeEntry): TimeEntryChange | undefined {
  const { start, end } = changed(entry, change)
  const [from, to] = [Date.parse(other.start), other.end ? Date.parse(other.end) : undefined]
  if (from < Date.parse(start)) return { end: start }
  return end && to !== undefined && to > Date.parse(end) ? { start: end } : undefined
}
