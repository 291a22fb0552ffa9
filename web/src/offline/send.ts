// One request for each op, and the entries that its answer tells of, in the order of `idsOf`.
import { type Answer, api, ifMatch, type WriteHeaders } from '@/api/client'
import type { Op, Outcome } from './ops'

/** How a request is made: once, or again where no answer comes. */
export type Way = <T>(request: (header: WriteHeaders) => Promise<Answer<T>>) => Promise<T>

export async function send(op: Op, way: Way): Promise<Outcome> {
  switch (op.do) {
    case 'create':
      return [await way((header) => api.POST('/api/v1/time-entries', { params: { header }, body: op.entry }))]
    case 'change': {
      const { id, version } = op.entry
      return [await way((header) => api.PATCH('/api/v1/time-entries/{id}', { params: { path: { id }, header: { ...header, ...ifMatch(version) } }, body: op.change }))]
    }
    case 'bulk': {
      const { results } = await way((header) => api.POST('/api/v1/time-entries/bulk', { params: { header }, body: { items: op.items } }))
      return op.items.map((_item, index) => results.find((result) => result.index === index)?.entry)
    }
    case 'restore':
      return [await way((header) => api.POST('/api/v1/time-entries/{id}/restore', { params: { path: { id: op.entry.id }, header } }))]
    case 'start': {
      if (!op.stops) return [await way((header) => api.POST('/api/v1/timer', { params: { header }, body: op.work }))]
      const { started, stopped } = await way((header) => api.POST('/api/v1/timer/switch', { params: { header }, body: op.work }))
      return [stopped ?? undefined, started]
    }
    case 'stop': {
      const { id, version } = op.entry
      const query = op.end ? { end: op.end } : {}
      return [await way((header) => api.DELETE('/api/v1/timer', { params: { query, header: { ...header, 'If-Match': `"${id}-${version}"` } } }))]
    }
    case 'discard':
      return [await way((header) => api.POST('/api/v1/timer/discard', { params: { header } }))]
  }
}
