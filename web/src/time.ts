// Times as a person reads and writes them.

/** Seconds as hours and minutes, rounded down: 1:05. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

/** A moment as `<input type="datetime-local">` writes it, in the person's zone. */
export function toInput(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** The calendar day in the person's zone, `back` days before `moment`: 2026-01-10. */
export function day(moment: Date, back = 0): string {
  const then = new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() - back, 12)
  return toInput(then).slice(0, 10)
}
