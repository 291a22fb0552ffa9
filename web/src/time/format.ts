// Times and lengths as they are shown.
import { region } from '@/app/i18n'
import { type Day, plusDays, today } from './zone'

const two = (value: number) => String(value).padStart(2, '0')

/** `1:05` of so many seconds. */
export function duration(seconds: number): string {
  const minutes = Math.floor(Math.max(seconds, 0) / 60)
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`
}

/** `1:05:09`: what runs. */
export const stopwatch = (seconds: number) => `${duration(seconds)}:${two(Math.floor(Math.max(seconds, 0)) % 60)}`

/** `1:05`, or `1:05:09` where there are seconds: what is typed back means the same. */
export const exactDuration = (seconds: number) => (Math.round(seconds) % 60 ? stopwatch(Math.round(seconds)) : duration(Math.round(seconds)))

const names = new Map<string, Intl.DateTimeFormat>()

function nameFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = region() + JSON.stringify(options)
  let format = names.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(region(), { ...options, timeZone: 'UTC' })
    names.set(key, format)
  }
  return format
}

/** A day in the language's own form. */
export const dateText = (day: Day, options: Intl.DateTimeFormatOptions) => nameFormat(options).format(Date.parse(`${day}T12:00:00Z`))

/** `Monday, 12 January`; with the year where it is another. */
export function dayName(day: Day, zone: string): string {
  const year = day.slice(0, 4) === today(zone).slice(0, 4) ? undefined : 'numeric'
  return nameFormat({ weekday: 'long', day: 'numeric', month: 'long', year }).format(Date.parse(`${day}T12:00:00Z`))
}

/** `4 – 10 May 2026`, or one day with its weekday. */
export function spanName(first: Day, last: Day): string {
  const instant = (day: Day) => Date.parse(`${day}T12:00:00Z`)
  if (first === last) return nameFormat({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(instant(first))
  return nameFormat({ day: 'numeric', month: 'short', year: 'numeric' }).formatRange(instant(first), instant(last))
}

/** `Mon 4`: the head of a column. */
export const dayHead = (day: Day) => {
  const date = Date.parse(`${day}T12:00:00Z`)
  return { weekday: nameFormat({ weekday: 'short' }).format(date), number: nameFormat({ day: 'numeric' }).format(date), full: nameFormat({ weekday: 'long', day: 'numeric', month: 'long' }).format(date) }
}

/** Two figures where the day has 24 hours, as everywhere here. */
export const hourFormat = () =>
  ({ hour: nameFormat({ hour: 'numeric' }).resolvedOptions().hour12 ? 'numeric' : '2-digit', minute: '2-digit' }) satisfies Intl.DateTimeFormatOptions

/** The time of day as it is written here: `09:30`, `9:30 AM`. */
export const clock = (minutes: number) => nameFormat(hourFormat()).format(minutes * 60_000)

/** Whether the times of day here have a.m. and p.m., which take room. */
export const isTwelveHours = () => nameFormat(hourFormat()).resolvedOptions().hour12 === true

export type Near = 'today' | 'yesterday'

export function near(day: Day, zone: string): Near | undefined {
  const now = today(zone)
  if (day === now) return 'today'
  return day === plusDays(now, -1) ? 'yesterday' : undefined
}
