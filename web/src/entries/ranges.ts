// The entries of some days, for views that show them by day. Like the list they are read once, and changes are put into them.
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, read } from '@/api/client'
import { away } from '@/api/network'
import { keys, queryClient } from '@/api/queries'
import type { TimeEntry } from '@/api/types'
import { type Day, instantOf, iso, plusDays } from '@/time/zone'
import { loadedSince } from './list'
import { type Span, withinSpan } from './pages'

export const rangeKey = [...keys.entries, 'range'] as const

/** A day of an entry is one of its own zone's, and the zones are two days wide. */
const spanOf = (first: Day, last: Day): Span => ({ from: iso(instantOf(plusDays(first, -1), 0, 'UTC')), to: iso(instantOf(plusDays(last, 2), 0, 'UTC')) })

async function readSpan({ from, to }: Span, signal: AbortSignal): Promise<TimeEntry[]> {
  const entries: TimeEntry[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await read(api.GET('/api/v1/time-entries', { params: { query: { from, to, sort: 'start', limit: 200, cursor } }, signal }))
    entries.push(...page.items)
    if (!page.next_cursor) return entries
    cursor = page.next_cursor
  }
}

const query = (first: Day, last: Day) => {
  const span = spanOf(first, last)
  // Without a network the list knows as much, where it reaches so far back.
  const known = (reason: unknown) => {
    const entries = away.value && loadedSince(span.from)?.filter(({ start }) => start < span.to)
    if (!entries) throw reason
    return entries
  }
  return { queryKey: [...rangeKey, span], queryFn: ({ signal }: { signal: AbortSignal }) => readSpan(span, signal).catch(known), staleTime: Infinity }
}

/** All that may have time on these days, the oldest first. */
export function useEntriesOf(days: () => Day[]) {
  return useQuery(computed(() => query(days()[0] ?? '', days().at(-1) ?? '')))
}

export const readEntriesOf = (days: Day[]): Promise<TimeEntry[]> => queryClient.fetchQuery(query(days[0] ?? '', days.at(-1) ?? ''))

const known = () => queryClient.getQueriesData<TimeEntry[]>({ queryKey: rangeKey })

export const knownInRanges = (id: string) => known().flatMap(([, entries]) => entries ?? []).find((entry) => entry.id === id)

export function putIntoRanges(entry: TimeEntry) {
  known().forEach(([key]) => queryClient.setQueryData<TimeEntry[]>(key, (entries) => entries && withinSpan(entries, entry, key.at(-1) as Span)))
  readUnread()
}

export function dropFromRanges(id: string) {
  queryClient.setQueriesData<TimeEntry[]>({ queryKey: rangeKey }, (entries) => entries?.filter((entry) => entry.id !== id))
  readUnread()
}

/** What is being read now may be of before the change. */
const readUnread = () => void queryClient.invalidateQueries({ queryKey: rangeKey, fetchStatus: 'fetching' })
