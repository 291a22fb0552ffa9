// What a person prefers, kept by the API.
import { useQuery } from '@tanstack/vue-query'
import { api, ifMatch, read, write } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { Me, MeChange } from '@/api/types'

const query = { queryKey: keys.me, queryFn: () => read(api.GET('/api/v1/me')), staleTime: 5 * 60_000 }

export const useMe = () => useQuery(query)

export async function changeMe(change: MeChange): Promise<Me> {
  const { version } = await queryClient.fetchQuery(query)
  const me = await write((header) => api.PATCH('/api/v1/me', { params: { header: { ...header, ...ifMatch(version) } }, body: change }))
  queryClient.setQueryData(keys.me, me)
  return me
}

/** Exports and messages of the system speak this language too. The page does so already, so a failure is no matter. */
export function saveLocale(locale: Me['locale']) {
  void changeMe({ locale }).catch(() => undefined)
}
