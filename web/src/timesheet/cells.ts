// A week as a sheet: a line for each project and task, a cell for each day, and what hours that are typed into a cell mean.
//
// - Into an empty cell: a new entry at the first free time of the day, from nine o'clock on, and today only until now.
// - Into a cell of one entry: its length. It keeps its start where there is room; else it goes to the first free time that has it.
//   Nothing, or 0, deletes it, which is told and can be taken back.
// - A cell of several entries, of one that runs or of one over midnight has no single length to type: it opens them.
import type { NewTimeEntry, TimeEntry, TimeEntryChange } from '@/api/types'
import { piecesOf, piecesUntil } from '@/entries/days'
import { withLength } from '@/entries/edit'
import { freeTime } from '@/entries/free'
import { duration, exactDuration } from '@/time/format'
import { type Day, instantOf, iso, plusDays } from '@/time/zone'

export interface LineName {
  project_id: string | null
  task_id: string | null
}

export interface Cell {
  day: Day
  seconds: number
  entries: TimeEntry[]
  /** Whether hours may be typed into it. */
  typed: boolean
}

export interface Line extends LineName {
  key: string
  cells: Cell[]
  seconds: number
}

export const nameOf = ({ project_id, task_id }: Pick<TimeEntry, 'project_id' | 'task_id'>): LineName => ({ project_id: project_id ?? null, task_id: task_id ?? null })
export const keyOf = ({ project_id, task_id }: LineName) => `${project_id ?? ''}/${task_id ?? ''}`

/** A line for each of these names, and for each that the entries have on these days. */
export function linesOf(entries: TimeEntry[], days: Day[], names: LineName[], now: number): Line[] {
  const lines = new Map<string, Line>()
  const line = (name: LineName) => {
    const key = keyOf(name)
    let found = lines.get(key)
    if (!found) lines.set(key, (found = { ...name, key, seconds: 0, cells: days.map((day) => ({ day, seconds: 0, entries: [], typed: true })) }))
    return found
  }
  names.forEach(line)
  for (const entry of entries) {
    const pieces = entry.end ? piecesOf(entry) : piecesUntil(entry, now)
    for (const { day, seconds } of pieces) {
      if (!days.includes(day)) continue
      const found = line(nameOf(entry))
      const cell = found.cells[days.indexOf(day)]
      if (!cell) continue
      cell.typed = !cell.entries.length && !!entry.end && pieces.length === 1
      cell.entries.push(entry)
      cell.seconds += seconds
      found.seconds += seconds
    }
  }
  return [...lines.values()]
}

/** The length of these cells. With what runs it has no seconds that stand. */
export const lengthOf = (cells: Pick<Cell, 'seconds' | 'entries'>[]): string => {
  const seconds = cells.reduce((sum, cell) => sum + cell.seconds, 0)
  return cells.some(({ entries }) => entries.some(({ end }) => !end)) ? duration(seconds) : exactDuration(seconds)
}

export type Plan =
  | { do: 'nothing' }
  | { do: 'full' }
  | { do: 'add'; entry: NewTimeEntry & { end: string } }
  | { do: 'change'; entry: TimeEntry; change: TimeEntryChange }
  | { do: 'delete'; entry: TimeEntry }

/** What so many seconds in the cell mean. `entries` are all that lie about the day. */
export function planOf({ day, entries: [entry] }: Cell, name: LineName, seconds: number, entries: TimeEntry[], zone: string, now: number): Plan {
  const length = seconds * 1000
  if (!entry) {
    if (!seconds) return { do: 'nothing' }
    const start = freeTime(day, seconds, entries, zone, now)
    return start === undefined ? { do: 'full' } : { do: 'add', entry: { ...nameOf(name), zone, start: iso(start), end: iso(start + length) } }
  }
  if (seconds === entry.seconds) return { do: 'nothing' }
  if (!seconds) return { do: 'delete', entry }
  const others = entries.filter(({ id }) => id !== entry.id)
  const from = Date.parse(entry.start)
  const to = from + length
  const isFree = to <= Math.min(now, instantOf(plusDays(day, 1), 0, entry.zone)) && others.every((other) => Date.parse(other.start) >= to || (other.end && Date.parse(other.end) <= from))
  // A shorter one is where it was.
  if (isFree || seconds < (entry.seconds ?? 0)) return { do: 'change', entry, change: withLength(entry, seconds, now) }
  const start = freeTime(day, seconds, others, entry.zone, now)
  return start === undefined ? { do: 'full' } : { do: 'change', entry, change: { start: iso(start), end: iso(start + length) } }
}
