// The questions to the reports. They are asked again when an entry changes; what is there stays until the answer comes.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, read } from '@/api/client'
import { keys } from '@/api/queries'
import { session } from '@/auth/session'
import { myZone } from '@/time/myZone'
import { plusDays, today } from '@/time/zone'
import type { askOf, Group } from './filters'

export type Ask = ReturnType<typeof askOf>

/** Rows of the detailed report that are read at once. */
const PAGE = 100

/** A summary of what is asked, by these groups; nothing is asked where there are none. */
export function useSummary(ask: MaybeRefOrGetter<Ask>, by: MaybeRefOrGetter<Group[]>, weekStart: MaybeRefOrGetter<string | undefined>) {
  const query = computed(() => ({ ...toValue(ask), group_by: toValue(by).join(','), week_start: toValue(weekStart) }))
  return useQuery({
    queryKey: computed(() => [...keys.reports, 'summary', query.value]),
    queryFn: ({ signal }) => read(api.GET('/api/v1/reports/summary', { params: { query: query.value }, signal })),
    enabled: computed(() => query.value.group_by !== ''),
    placeholderData: keepPreviousData,
  })
}

export const useDashboard = () =>
  useQuery({ queryKey: [...keys.reports, 'dashboard'], queryFn: ({ signal }) => read(api.GET('/api/v1/reports/dashboard', { signal })) })

export const useYear = (year: MaybeRefOrGetter<number>, user: MaybeRefOrGetter<string | undefined>) =>
  useQuery({
    queryKey: computed(() => [...keys.reports, 'year', toValue(year), toValue(user)]),
    queryFn: ({ signal }) => read(api.GET('/api/v1/reports/calendar', { params: { query: { year: toValue(year), user: toValue(user) } }, signal })),
    placeholderData: keepPreviousData,
  })

/** The entries behind a report, page by page. */
export const useDetailed = (ask: MaybeRefOrGetter<Ask & { q?: string }>) =>
  useInfiniteQuery({
    queryKey: computed(() => [...keys.reports, 'detailed', toValue(ask)]),
    queryFn: ({ pageParam, signal }) =>
      read(api.GET('/api/v1/reports/detailed', { params: { query: { ...toValue(ask), limit: PAGE, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })

/** Managers and admins see others' time too (docs/roles.md). */
export const seesOthers = computed(() => session.person.value?.roles.some((role) => role === 'manager' || role === 'admin') ?? false)

/** Who tracked time in the last year: the API has no other list of people. */
export function usePeople() {
  const ask = () => {
    const to = today(myZone())
    return { from: plusDays(to, -365), to, user: 'all', group_by: 'user' }
  }
  return useQuery({
    queryKey: [...keys.reports, 'people'],
    queryFn: async () => {
      const { groups } = await read(api.GET('/api/v1/reports/summary', { params: { query: ask() } }))
      const people = groups.flatMap(({ keys: [key] }) => (key?.key ? [{ id: key.key, name: key.name ?? key.key }] : []))
      return people.sort((a, b) => a.name.localeCompare(b.name))
    },
    enabled: seesOthers,
    staleTime: 5 * 60_000,
  })
}
