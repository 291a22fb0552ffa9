// What a person prefers, kept by the API.
import { useQuery } from '@tanstack/vue-query'
import { api, ifMatch, read, write } from '@/api/client'
import { Problem } from '@/api/problem'
import { keys, queryClient } from '@/api/queries'
import { i18n } from '@/app/i18n'
import { complain } from '@/app/toasts'
import type { Me, MeChange } from '@/api/types'

const query = { queryKey: keys.me, queryFn: () => read(api.GET('/api/v1/me')), staleTime: 5 * 60_000 }

export const useMe = () => useQuery(query)

/** Only these fields: what was changed elsewhere meanwhile stays, so another version is no reason to refuse it. */
export async function changeMe(change: MeChange): Promise<Me> {
  for (let isFirst = true; ; isFirst = false) {
    const { version } = await queryClient.fetchQuery(isFirst ? query : { ...query, staleTime: 0 })
    try {
      const me = await write((header) => api.PATCH('/api/v1/me', { params: { header: { ...header, ...ifMatch(version) } }, body: change }))
      queryClient.setQueryData(keys.me, me)
      return me
    } catch (reason) {
      if (!isFirst || !(reason instanceof Problem) || reason.kind !== 'stale') throw reason
    }
  }
}

/** Exports and messages of the system speak this language too. What could not be saved is told, with another try. */
export async function saveMe(change: MeChange): Promise<void> {
  await changeMe(change).catch((reason: unknown) => complain(reason, { label: i18n.global.t('ui.again'), run: () => saveMe(change) }))
}
