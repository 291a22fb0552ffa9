// The rules that one entry must keep by itself, and its time by day: what crates/domain has.
import { DateTime, IANAZone } from 'luxon'
import type { NewEntry } from './entries.dto.js'
import { Problem } from './problem.js'

const DAY = 86_400_000
const CLOCK_SKEW = 60_000

/** The arguments of `tracking.create_entry`, without the id. */
export function checked(wish: NewEntry, home: string, now: number) {
  const zone = wish.zone ?? home
  if (!IANAZone.isValidZone(zone)) throw invalid('An IANA time zone such as Europe/Zurich.', 'zone')
  const start = passed(wish.start, now, 'start')
  const end = wish.end == null ? null : passed(wish.end, now, 'end')
  if (end !== null && end < start) throw invalid('The end must be after the start.', 'end')
  if (end === start) throw new Problem('zero-length', { detail: 'An entry lasts at least one second.', field: 'end' })
  // The same time on the next day, and at least 24 hours later.
  const latest = Math.max(start + DAY, DateTime.fromMillis(start, { zone }).plus({ days: 1 }).toMillis())
  if (end !== null && end > latest) {
    const detail = 'An entry is at most one day long: 24 hours, or 25 where the clocks go back.'
    throw new Problem('too-long', { detail, field: 'end', latest_end: iso(latest) })
  }
  const tags = [...new Set((wish.tag_ids ?? []).map((tag) => tag.toLowerCase()))].sort()
  if (tags.length > 20) throw invalid('At most 20 tags.', 'tag_ids')
  if (wish.task_id != null && wish.project_id == null) throw invalid('A task needs its project.', 'project_id')
  return {
    start: iso(start), end: end === null ? null : iso(end), zone, description: described(wish.description ?? ''),
    project_id: wish.project_id ?? null, task_id: wish.task_id ?? null, tag_ids: tags, billable: wish.billable ?? false,
    days: end === null ? [] : days(start, end, zone),
  }
}

/** Milliseconds, cut to whole seconds. */
function passed(text: string, now: number, field: string): number {
  const at = Date.parse(text)
  if (at < 0) throw invalid('Not before 1970.', field)
  if (at > now + CLOCK_SKEW) throw new Problem('in-the-future', { detail: 'This lies in the future.', field })
  return Math.floor(at / 1000) * 1000
}

function described(text: string): string {
  const trimmed = text.trim().normalize('NFC')
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(trimmed)) {
    throw invalid('No control characters other than line breaks and tabs.', 'description')
  }
  if ([...trimmed].length > 1000) throw invalid('0 to 1000 characters.', 'description')
  return trimmed
}

/** The parts that fall on each calendar day of the zone. */
function days(start: number, end: number, zone: string) {
  const shares: { date: string | null; seconds: number }[] = []
  let from = DateTime.fromMillis(start, { zone })
  while (from.toMillis() < end) {
    const midnight = from.startOf('day').plus({ days: 1 })
    const until = Math.min(midnight.toMillis(), end)
    shares.push({ date: from.toISODate(), seconds: (until - from.toMillis()) / 1000 })
    from = midnight
  }
  return shares
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

function invalid(detail: string, field: string): Problem {
  return new Problem('invalid', { detail, field })
}
