// Where new time fits into a day.
import type { TimeEntry } from '@/api/types'
import { type Day, instantOf, plusDays } from '@/time/zone'

/** Minutes after midnight at which a day's work begins where nothing says otherwise. */
const MORNING = 9 * 60

/** The start of the first free stretch of the day that is as long, from nine o'clock on; if there is none, from midnight on. */
export function freeTime(day: Day, seconds: number, entries: TimeEntry[], zone: string, now: number): number | undefined {
  const end = instantOf(plusDays(day, 1), 0, zone)
  const busy = entries.map((entry) => ({ from: Date.parse(entry.start), to: entry.end ? Date.parse(entry.end) : Math.max(now, Date.parse(entry.start)) })).sort((a, b) => a.from - b.from)
  for (const begin of [MORNING, 0]) {
    let from = instantOf(day, begin, zone)
    for (const other of busy) {
      if (other.to <= from) continue
      if (other.from - from >= seconds * 1000) break
      from = other.to
    }
    if (from + seconds * 1000 <= end) return from
  }
  return undefined
}
