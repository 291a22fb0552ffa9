// How the system is, asked again and again while somebody looks.
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { api, read, write } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { DeadLetter } from '@/api/types'

/** Milliseconds between two questions. */
const EVERY = 5000
const PAGE = 20

const key = ['operations'] as const
const lettersKey = [...key, 'letters'] as const

export const useStatus = () =>
  useQuery({
    queryKey: [...key, 'status'],
    queryFn: ({ signal }) => read(api.GET('/api/v1/reports/status', { signal })),
    refetchInterval: EVERY,
    // The next question comes soon enough; what failed is told at once.
    retry: false,
  })

/** Whether Keycloak answers through the gateway, as it does for a login. */
export const useLogin = () =>
  useQuery({
    queryKey: [...key, 'login'],
    queryFn: ({ signal }) => fetch('/auth/realms/timetracker', { signal, cache: 'no-store' }).then(({ ok }) => ok, () => false),
    refetchInterval: EVERY,
    retry: false,
  })

/** When somebody last changed an entry that is there: it tells whether changes arrive. */
export const useNewestChange = () =>
  useQuery({
    queryKey: [...keys.entries, 'range', 'newest change'],
    queryFn: async ({ signal }) => {
      const { items } = await read(api.GET('/api/v1/time-entries', { params: { query: { user: 'all', sort: '-updated', limit: 1 } }, signal }))
      return items[0] ? Date.parse(items[0].updated_at) : null
    },
    refetchInterval: EVERY,
    retry: false,
  })

/** What failed last comes first. */
export const useDeadLetters = () =>
  useInfiniteQuery({
    queryKey: lettersKey,
    queryFn: ({ pageParam, signal }) => read(api.GET('/api/v1/dead-letters', { params: { query: { limit: PAGE, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: EVERY,
    retry: false,
  })

export const useDeadLetter = (id: string) =>
  useQuery({
    queryKey: [...key, 'letter', id],
    queryFn: ({ signal }) => read(api.GET('/api/v1/dead-letters/{id}', { params: { path: { id } }, signal })),
  })

/** Everybody's links to reports, the newest first. */
export const useShareLinks = () =>
  useInfiniteQuery({
    queryKey: [...key, 'links'],
    queryFn: ({ pageParam, signal }) => read(api.GET('/api/v1/shares', { params: { query: { limit: PAGE, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  })

const readAgain = () => queryClient.invalidateQueries({ queryKey: key })

export async function replay({ id }: DeadLetter): Promise<void> {
  try {
    await write((header) => api.POST('/api/v1/dead-letters/{id}/replay', { params: { path: { id }, header } }))
  } finally {
    await readAgain()
  }
}

export async function drop({ id, version }: DeadLetter): Promise<void> {
  try {
    await write((header) => api.DELETE('/api/v1/dead-letters/{id}', { params: { path: { id }, header: { ...header, 'If-Match': `"${version}"` } } }))
  } finally {
    await readAgain()
  }
}

export async function revokeLink(id: string): Promise<void> {
  try {
    await write((header) => api.DELETE('/api/v1/shares/{id}', { params: { path: { id }, header: { ...header, 'If-Match': '*' } } }))
  } finally {
    await readAgain()
  }
}
