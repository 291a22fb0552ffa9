// What groups, days and money are called.
import { i18n, region } from '@/app/i18n'
import { dateText } from '@/time/format'
import type { Day } from '@/time/zone'
import type { ReportAmount, ReportKey } from '@/api/types'
import { daysIn, type Range, type Unit } from './spans'

const { t } = i18n.global

export const shortDay = (day: Day) => dateText(day, { weekday: 'short', day: 'numeric', month: 'short' })
export const longDay = (day: Day) => dateText(day, { day: 'numeric', month: 'short', year: 'numeric' })
export const monthName = (key: string) => dateText(`${key}-01`, { month: 'short', year: 'numeric' })

/** A piece of time by its key: `2026-05-04`, `2026-05`, `2026`. `name` is a numbered week's. */
export function pieceName(unit: Unit, key: string, name?: string | null): string {
  if (unit === 'day') return shortDay(key)
  if (unit === 'week') return name ?? t('reports.weekOf', { day: dateText(key, { day: 'numeric', month: 'short' }) })
  return unit === 'month' ? monthName(key) : key
}

export function keyName({ by, key, name }: ReportKey): string {
  if (by === 'billable') return t(key === 'true' ? 'reports.billable.true' : 'reports.billable.false')
  if (by === 'day' || by === 'week' || by === 'month' || by === 'year') return pieceName(by, key ?? '', name)
  return name ?? (key ? t('reports.unknown') : t(`reports.none.${by}`))
}

export const rangeName = (range: Range) => (daysIn(range) === 1 ? longDay(range.from) : `${longDay(range.from)} – ${longDay(range.to)}`)

/** Money is kept in the currency's smallest unit. */
export function money({ amount, currency }: ReportAmount): string {
  const format = new Intl.NumberFormat(region(), { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

export const percent = (share: number) => new Intl.NumberFormat(region(), { style: 'percent', maximumFractionDigits: 0 }).format(share)

/** Hours as a scale has them: `2.5 h`. */
export const hours = (seconds: number) => `${new Intl.NumberFormat(region(), { maximumFractionDigits: 1 }).format(seconds / 3600)} h`
