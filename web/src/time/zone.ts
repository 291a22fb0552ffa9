// Between instants and what a clock on the wall shows in a zone. Times are minutes since the day's midnight on that clock.

/** A calendar day, `2026-01-10`: such texts sort as their days do. */
export type Day = string

export interface Wall {
  day: Day
  /** Hours × 60 + minutes. */
  minutes: number
  seconds: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    formats.set(zone, format)
  }
  return format
}

export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function wallOf(instant: string | number, zone: string): Wall {
  const shown = formatOf(zone).format(typeof instant === 'number' ? instant : Date.parse(instant))
  const [hours, minutes, seconds] = shown.slice(11).split(':').map(Number)
  return { day: shown.slice(0, 10), minutes: (hours ?? 0) * 60 + (minutes ?? 0), seconds: seconds ?? 0 }
}

/** Milliseconds by which the zone's clock is ahead of UTC then. */
function ahead(instant: number, zone: string): number {
  const { day, minutes, seconds } = wallOf(instant, zone)
  return Date.parse(`${day}T00:00:00Z`) + (minutes * 60 + seconds) * 1000 - Math.floor(instant / 1000) * 1000
}

/**
 * The instant, in milliseconds, at which the zone's clock shows this. Of a time that comes twice the first; a time
 * that is left out reads as so much later, as all clocks of operating systems do.
 */
export function instantOf(day: Day, minutes: number, zone: string): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000
  const before = ahead(asUtc - 86_400_000, zone)
  const after = ahead(asUtc + 86_400_000, zone)
  const fitting = [asUtc - before, asUtc - after].filter((instant) => instant + ahead(instant, zone) === asUtc)
  return fitting.length ? Math.min(...fitting) : asUtc - before
}

const midnights = new Map<string, number>()

/** The day's first instant. A list asks for the same few again and again, and each costs four questions to the zone. */
export function midnightOf(day: Day, zone: string): number {
  const key = `${day} ${zone}`
  let found = midnights.get(key)
  if (found === undefined) midnights.set(key, (found = instantOf(day, 0, zone)))
  return found
}

/** In the form the API reads, whole seconds. */
export const iso = (instant: number) => new Date(Math.floor(instant / 1000) * 1000).toISOString().replace('.000Z', 'Z')

export function plusDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

export const isDay = (text: unknown): text is Day => typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && plusDays(text, 0) === text

export const today = (zone: string, now = Date.now()): Day => wallOf(now, zone).day
