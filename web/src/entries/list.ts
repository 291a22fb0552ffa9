// The list of all entries, newest first, page by page. It is not read again by itself: changes are put into it.
import { type InfiniteData, useInfiniteQuery } from '@tanstack/vue-query'
import { api, read } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { TimeEntry } from '@/api/types'
import { flat, type Page } from './pages'

const PAGE = 200

export type Pages = InfiniteData<Page, string | undefined>

export const listKey = [...keys.entries, 'list'] as const

export const useEntryPages = () =>
  useInfiniteQuery({
    queryKey: listKey,
    queryFn: ({ pageParam, signal }) => read(api.GET('/api/v1/time-entries', { params: { query: { limit: PAGE, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page) => page.next_cursor ?? undefined,
    staleTime: Infinity,
  })

const loaded = () => queryClient.getQueryData<Pages>(listKey)?.pages ?? []

export const loadedEntries = (): TimeEntry[] => flat(loaded())

/** Those from an instant on, the oldest first, where the list reaches so far back. */
export function loadedSince(from: string): TimeEntry[] | undefined {
  const pages = loaded()
  const entries = flat(pages)
  const isWhole = !!pages.length && !pages.at(-1)?.next_cursor
  if (!isWhole && !((entries.at(-1)?.start ?? from) < from)) return undefined
  return entries.filter(({ end }) => !end || end > from).reverse()
}
