// Between entries and their places in the calendar. A place is what the clock of the entry's zone shows, written as if it were
// UTC: so each entry stands on its days, and a day has 24 hours there, also the two of the year that have 23 and 25.
import type { TimeEntry, TimeEntryChange } from '@/api/types'
import { piecesOf, piecesUntil } from '@/entries/days'
import { myZone } from '@/time/myZone'
import { type Day, instantOf, iso, wallOf } from '@/time/zone'

/** Milliseconds, of a clock on the wall as if it were UTC. */
export type Place = number

/** Minutes by which entries are moved and made longer. */
export const STEP = 5
const MINUTE = 60_000
const DAY = 86_400_000

export function placeOf(instant: string | number, zone: string): Place {
  const { day, minutes, seconds } = wallOf(instant, zone)
  return Date.parse(`${day}T00:00:00Z`) + (minutes * 60 + seconds) * 1000
}

export const dayAt = (place: Place): Day => new Date(place).toISOString().slice(0, 10)

export function instantAt(place: Place, zone: string): number {
  const seconds = Math.floor((((place % DAY) + DAY) % DAY) / 1000)
  return instantOf(dayAt(place), Math.floor(seconds / 60), zone) + (seconds % 60) * 1000
}

/** Where an entry is shown; what runs, until now. */
export function shownAt(entry: TimeEntry, now: number): { from: Place; to: Place } {
  const from = placeOf(entry.start, entry.zone)
  const until = entry.end ? Date.parse(entry.end) : Math.max(now, Date.parse(entry.start))
  const to = placeOf(until, entry.zone)
  // In the hour that comes twice an entry may end where it began, or before: then its length counts.
  return { from, to: to > from ? to : from + until - Date.parse(entry.start) }
}

/** At another place, as long as before. */
export function movedTo(entry: TimeEntry, from: Place): TimeEntryChange {
  const start = instantAt(from, entry.zone)
  return { start: iso(start), end: iso(start + Date.parse(entry.end ?? entry.start) - Date.parse(entry.start)) }
}

/** With other edges: those that were moved, on the step. */
export function resizedTo(entry: TimeEntry, from: Place, to: Place): TimeEntryChange {
  const shown = shownAt(entry, 0)
  const snapped = (place: Place) => iso(instantAt(Math.round(place / (STEP * MINUTE)) * STEP * MINUTE, entry.zone))
  return { ...(from !== shown.from ? { start: snapped(from) } : {}), ...(to !== shown.to ? { end: snapped(to) } : {}) }
}

/** By so many days and minutes, as with the keys. */
export const movedBy = (entry: TimeEntry, days: number, minutes: number) => movedTo(entry, placeOf(entry.start, entry.zone) + days * DAY + minutes * MINUTE)

/** Longer or shorter at its end, never below one step. */
export function lengthenedBy(entry: TimeEntry, minutes: number): TimeEntryChange {
  const start = Date.parse(entry.start)
  return { end: iso(Math.max(start + STEP * MINUTE, Date.parse(entry.end ?? entry.start) + minutes * MINUTE)) }
}

/** A stretch that was drawn for new time, until now at the latest; a click alone is half an hour. */
export function spanAt(from: Place, to: Place, now: number) {
  const zone = myZone()
  const end = to - from > STEP * MINUTE ? to : from + 30 * MINUTE
  return { from: instantAt(from, zone), to: Math.min(instantAt(end, zone), Math.floor(now / MINUTE) * MINUTE) }
}

/** Whether time that begins, or ends, there is not all in the future: nothing of it could be saved. */
export const isBegun = (from: Place, now: number) => from + MINUTE <= placeOf(now, myZone())
export const isOver = (to: Place, now: number) => to <= placeOf(now, myZone())

/** Seconds of each day, with what runs. */
export function totalsOf(entries: TimeEntry[], now: number): Map<Day, number> {
  const totals = new Map<Day, number>()
  for (const entry of entries) {
    for (const { day, seconds } of entry.end ? piecesOf(entry) : piecesUntil(entry, now)) totals.set(day, (totals.get(day) ?? 0) + seconds)
  }
  return totals
}
