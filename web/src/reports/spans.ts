// The spans of time that are called by a name, and the pieces that a span is shown in.
import { type Day, plusDays } from '@/time/zone'

export const spans = ['today', 'yesterday', 'this_week', 'last_week', 'this_month', 'last_month', 'this_year', 'last_year'] as const
export type Span = (typeof spans)[number]

export interface Range {
  from: Day
  /** The last day, included. */
  to: Day
}

export const units = ['day', 'week', 'month', 'year'] as const
export type Unit = (typeof units)[number]

const at = (day: Day) => new Date(`${day}T12:00:00Z`)
const dayOf = (year: number, month: number, day: number): Day => new Date(Date.UTC(year, month, day, 12)).toISOString().slice(0, 10)

/** The first day of the week; `sunday` begins there, all else on Monday. */
export function weekOf(day: Day, weekStart?: string): Day {
  const first = weekStart === 'sunday' ? 0 : 1
  return plusDays(day, -((at(day).getUTCDay() - first + 7) % 7))
}

/** The days of the span that has this name today. */
export function rangeOf(span: Span, today: Day, weekStart?: string): Range {
  const [which, unit = 'day'] = span.split('_') as [string, Unit?]
  const back = which === 'last' || which === 'yesterday' ? 1 : 0
  const [year, month] = [at(today).getUTCFullYear(), at(today).getUTCMonth()]
  switch (unit) {
    case 'week': {
      const from = plusDays(weekOf(today, weekStart), -7 * back)
      return { from, to: plusDays(from, 6) }
    }
    case 'month':
      return { from: dayOf(year, month - back, 1), to: dayOf(year, month - back + 1, 0) }
    case 'year':
      return { from: dayOf(year - back, 0, 1), to: dayOf(year - back, 11, 31) }
    default:
      return { from: plusDays(today, -back), to: plusDays(today, -back) }
  }
}

export const daysIn = ({ from, to }: Range) => Math.round((at(to).getTime() - at(from).getTime()) / 86_400_000) + 1

/** In which pieces a span of this length is read well: never more than some sixty. */
export function unitOf(range: Range): Unit {
  const days = daysIn(range)
  if (days <= 45) return 'day'
  if (days <= 200) return 'week'
  return days <= 5 * 366 ? 'month' : 'year'
}

/** The pieces of the span as the API names them: those without any time are there too. */
export function bucketsOf(unit: Unit, { from, to }: Range, weekStart?: string): string[] {
  const lengths: Record<Unit, number> = { day: 10, week: 10, month: 7, year: 4 }
  const keyOf = (day: Day) => (unit === 'week' ? weekOf(day, weekStart) : day).slice(0, lengths[unit])
  const last = keyOf(to)
  const keys = [keyOf(from)]
  for (let key = keyOf(from); key < last; keys.push(key)) key = next(unit, key)
  return keys
}

function next(unit: Unit, key: string): string {
  const [year = 0, month = 1] = key.split('-').map(Number)
  if (unit === 'year') return String(year + 1).padStart(4, '0')
  if (unit === 'month') return dayOf(year, month, 1).slice(0, 7)
  return plusDays(key, unit === 'week' ? 7 : 1)
}
