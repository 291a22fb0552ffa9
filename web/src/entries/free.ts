// Where new time fits into a day.
import type { TimeEntry } from '@/api/types'
import { type Day, instantOf, plusDays } from '@/time/zone'

/** Minutes after midnight at which a day's work begins where nothing says otherwise. */
const MORNING = 9 * 60
const MINUTE = 60_000

interface Stretch {
  from: number
  to: number
}

/**
 * The start of a free stretch of the day that is as long and is over by now: the first one from nine o'clock on. If there is none, the
 * last one before now on the day that is not over yet, and the first one from midnight on of any other.
 */
export function freeTime(day: Day, seconds: number, entries: TimeEntry[], zone: string, now: number): number | undefined {
  const length = seconds * 1000
  const begin = instantOf(day, 0, zone)
  const midnight = instantOf(plusDays(day, 1), 0, zone)
  const end = Math.min(midnight, Math.floor(now / MINUTE) * MINUTE)
  const busy = entries.map((entry) => ({ from: Date.parse(entry.start), to: entry.end ? Date.parse(entry.end) : Math.max(now, Date.parse(entry.start)) }))
  const found = firstFree(busy, { from: instantOf(day, MORNING, zone), to: end }, length)
  if (found !== undefined) return found
  return end < midnight ? lastFree(busy, { from: begin, to: end }, length) : firstFree(busy, { from: begin, to: end }, length)
}

function firstFree(busy: Stretch[], { from, to }: Stretch, length: number): number | undefined {
  for (const other of busy.toSorted((a, b) => a.from - b.from)) {
    if (other.to <= from) continue
    if (other.from - from >= length) break
    from = other.to
  }
  return from + length <= to ? from : undefined
}

function lastFree(busy: Stretch[], { from, to }: Stretch, length: number): number | undefined {
  for (const other of busy.toSorted((a, b) => b.to - a.to)) {
    if (other.from >= to) continue
    if (to - other.to >= length) break
    to = other.from
  }
  return from + length <= to ? to - length : undefined
}
