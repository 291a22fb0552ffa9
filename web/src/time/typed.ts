// What people type for times and durations.

/**
 * A time of day in minutes since midnight, or nothing: `9`, `930`, `0930`, `9:30`, `9.30`, `9h30`, `9,30`, `9:30 pm`.
 */
export function parseTime(typed: string): number | undefined {
  const text = typed.trim().toLowerCase()
  const found =
    /^(\d{1,2})\s*(?:[:.,h]\s*(\d{2})?)?\s*(?:uhr)?\s*([ap])?\.?m?\.?$/.exec(text) ?? /^(\d{1,2})(\d{2})\s*([ap])?\.?m?\.?$/.exec(text)
  if (!found) return undefined
  let hours = Number(found[1])
  const minutes = Number(found[2] ?? 0)
  if (found[3]) {
    if (hours < 1 || hours > 12) return undefined
    hours = (hours % 12) + (found[3] === 'p' ? 12 : 0)
  }
  // Midnight at the day's end may be written as 24:00.
  return minutes < 60 && (hours < 24 || (hours === 24 && minutes === 0)) ? hours * 60 + minutes : undefined
}

/**
 * A length in seconds, or nothing: `1:30`, `1:30:15`, `1.5`, `1,5`, `1h30`, `1h 30m`, `90m`, `90min`, `2h`, `40s`. A bare number is
 * hours up to 12 and minutes beyond, as nobody types 45 for two days.
 */
export function parseDuration(typed: string): number | undefined {
  const text = typed.trim().toLowerCase()
  const seconds = (hours: string | number = 0, minutes: string | number = 0, rest: string | number = 0) => Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)
  const clock = /^(\d{1,3})\s*:\s*([0-5]\d)(?:\s*:\s*([0-5]\d))?$/.exec(text)
  if (clock) return seconds(clock[1], clock[2], clock[3])
  const decimal = /^(\d{0,3})[.,](\d{1,3})\s*h?$/.exec(text)
  if (decimal) return seconds(0, Math.round(Number(`${decimal[1] || 0}.${decimal[2]}`) * 60))
  const bare = /^\d{1,4}$/.exec(text)
  if (bare) return Number(text) <= 12 ? seconds(text) : seconds(0, text)
  const short = /^(\d{1,5})\s*s(?:ec(?:onds?)?)?$/.exec(text)
  if (short) return seconds(0, 0, short[1])
  const words = /^(?:(\d{1,3})\s*h(?:ours?|rs?)?)?\s*(?:(\d{1,4})\s*(?:m(?:in(?:utes?)?)?)?)?$/.exec(text)
  if (!words || (words[1] === undefined && words[2] === undefined)) return undefined
  return seconds(words[1], words[2])
}
