// The list by day: totals, and what is missing or double between the entries. An entry is shown on the day it starts, and
// counts on each day that the clock of its zone shows while it lasts (docs/time.md).
import type { TimeEntry } from '@/api/types'
import { rowName } from './names'
import { type Day, midnightOf, plusDays, wallOf } from '@/time/zone'

/** Seconds below which a hole between two entries is none. */
const HOLE = 60

export interface Gap {
  start: number
  end: number
  zone: string
}

export type Row =
  | { type: 'day'; key: string; day: Day; seconds: number; running?: TimeEntry }
  | { type: 'entry'; key: string; entry: TimeEntry; overlap?: { seconds: number; other: TimeEntry } }
  | { type: 'gap'; key: string; gap: Gap }
  | { type: 'rest'; key: string; day: Day; entry: TimeEntry; seconds: number }

export interface Piece {
  day: Day
  seconds: number
}

const cut = new WeakMap<TimeEntry, Piece[]>()

/** The days of an entry that has ended, each with its share. */
export function piecesOf(entry: TimeEntry): Piece[] {
  let pieces = cut.get(entry)
  if (!pieces) cut.set(entry, (pieces = piecesUntil(entry, Date.parse(entry.end ?? entry.start))))
  return pieces
}

export function piecesUntil(entry: TimeEntry, end: number): Piece[] {
  const pieces: Piece[] = []
  let from = Date.parse(entry.start)
  let { day } = wallOf(entry.start, entry.zone)
  do {
    const midnight = midnightOf(plusDays(day, 1), entry.zone)
    const to = Math.min(end, midnight)
    pieces.push({ day, seconds: Math.max(0, Math.round((to - from) / 1000)) })
    from = to
    day = plusDays(day, 1)
  } while (from < end)
  return pieces
}

/**
 * The rows of the list, newest first. `now` is for what runs, which counts on each day until then, and for what is missing since the
 * last entry of today, which is `zone`'s; nothing is, where something runs.
 */
export function rowsOf(entries: TimeEntry[], now = 0, zone = 'UTC'): Row[] {
  const days = new Map<Day, { entries: TimeEntry[]; rests: { entry: TimeEntry; seconds: number }[]; seconds: number; running?: TimeEntry }>()
  const isRunning = entries.some(({ end }) => !end)
  const group = (day: Day) => {
    let found = days.get(day)
    if (!found) days.set(day, (found = { entries: [], rests: [], seconds: 0 }))
    return found
  }
  for (const entry of entries) {
    const pieces = entry.end ? piecesOf(entry) : piecesUntil(entry, Math.max(now, Date.parse(entry.start)))
    pieces.forEach(({ day, seconds }, index) => {
      const found = group(day)
      if (entry.end) found.seconds += seconds
      else found.running = entry
      if (index === 0) found.entries.push(entry)
      else found.rests.push({ entry, seconds })
    })
  }
  const rows: Row[] = []
  for (const [day, found] of [...days].sort(([a], [b]) => (a < b ? 1 : -1))) {
    rows.push({ type: 'day', key: `day ${day}`, day, seconds: found.seconds, running: found.running })
    rows.push(...between(found.entries, isRunning || day !== wallOf(now, zone).day ? undefined : now))
    rows.push(...found.rests.map(({ entry, seconds }) => ({ type: 'rest' as const, key: `rest ${rowName(entry.id)} ${day}`, day, entry, seconds })))
  }
  return rows
}

/** The entries of one day, newest first, with the gaps between them. */
function between(entries: TimeEntry[], now?: number): Row[] {
  const rows: Row[] = []
  let last: TimeEntry | undefined
  for (const entry of [...entries].reverse()) {
    const row: Row = { type: 'entry', key: rowName(entry.id), entry }
    if (last?.end) {
      const hole = (Date.parse(entry.start) - Date.parse(last.end)) / 1000
      if (hole >= HOLE) rows.unshift(gap(last.end, Date.parse(entry.start), entry.zone))
      if (hole < 0) row.overlap = { seconds: Math.min(-hole, entry.seconds ?? -hole), other: last }
    }
    rows.unshift(row)
    if (!last?.end || !entry.end || Date.parse(entry.end) > Date.parse(last.end)) last = entry
  }
  if (last?.end && now !== undefined && (now - Date.parse(last.end)) / 1000 >= 5 * HOLE) {
    rows.unshift(gap(last.end, now, last.zone))
  }
  return rows
}

const gap = (start: string, end: number, zone: string): Row => ({ type: 'gap', key: `gap ${start}`, gap: { start: Date.parse(start), end, zone } })
