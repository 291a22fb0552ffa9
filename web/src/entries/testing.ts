// Entries for tests.
import type { TimeEntry } from '@/api/types'

/** One of 12 January 2026 in UTC, from `start` for as long as `end` says; half an hour where it says nothing. */
export function entry(id: string, start: string, more: Partial<TimeEntry> & { till?: string } = {}): TimeEntry {
  const { till, ...rest } = more
  const from = start.length > 5 ? start : `2026-01-12T${start}:00Z`
  const end = till ? (till.length > 5 ? till : `2026-01-12T${till}:00Z`) : new Date(Date.parse(from) + 1_800_000).toISOString().replace('.000', '')
  const seconds = (Date.parse(end) - Date.parse(from)) / 1000
  return { id, user_id: 'u', start: from, end, seconds, zone: 'UTC', description: '', project_id: null, task_id: null, tag_ids: [], billable: false, version: 1, created_at: from, updated_at: from, ...rest }
}
