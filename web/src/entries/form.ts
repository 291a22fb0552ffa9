// The times of an entry as a form. A text that nobody changed stands for its instant, seconds included; one that was typed is read by
// the clock of the zone.
import { clock, exactDuration } from '@/time/format'
import { parseDuration, parseTime } from '@/time/typed'
import { type Day, instantOf, wallOf } from '@/time/zone'
import { endAfter } from './edit'

export interface TimesForm {
  day: Day
  start: string
  /** Empty while it runs. */
  end: string
  length: string
}

export interface Times {
  start: number
  end?: number
}

export type WrongField = keyof TimesForm

export function formOf({ start, end }: Times, zone: string): TimesForm {
  const { day, minutes } = wallOf(start, zone)
  const ended = end === undefined ? { end: '', length: '' } : { end: clock(wallOf(end, zone).minutes), length: exactDuration((end - start) / 1000) }
  return { day, start: clock(minutes), ...ended }
}

/** The instants that the form says, `known` being those that it began with. Where the length was typed last, it says the end. */
export function timesOf(form: TimesForm, known: Times, zone: string, byLength = false): Times | { wrong: WrongField } {
  const shown = formOf(known, zone)
  const unchanged = (field: 'start' | 'end') => parseTime(form[field]) === parseTime(shown[field])
  const secondsOf = (instant: number) => wallOf(instant, zone).seconds * 1000
  const from = parseTime(form.start)
  if (!form.day) return { wrong: 'day' }
  if (from === undefined) return { wrong: 'start' }
  const isStart = form.day === shown.day && unchanged('start')
  const start = isStart ? known.start : instantOf(form.day, from, zone) + (unchanged('start') ? secondsOf(known.start) : 0)
  if (byLength) {
    const seconds = parseDuration(form.length)
    return seconds === undefined ? { wrong: 'length' } : { start, end: start + seconds * 1000 }
  }
  if (known.end === undefined && !form.end.trim()) return { start }
  const to = parseTime(form.end)
  if (to === undefined) return { wrong: 'end' }
  if (known.end === undefined || !unchanged('end')) return { start, end: endAfter(start, to, zone) }
  if (isStart) return { start, end: known.end }
  const rest = secondsOf(known.end)
  return { start, end: endAfter(start - rest, to, zone) + rest }
}
