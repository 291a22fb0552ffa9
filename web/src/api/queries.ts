// The cache of what was read, and the names under which it is there.
import { QueryClient } from '@tanstack/vue-query'
import { Problem } from './problem'

export const keys = {
  me: ['me'] as const,
  timer: ['timer'] as const,
  entries: ['entries'] as const,
  catalogue: ['catalogue'] as const,
  demo: ['demo'] as const,
  lock: ['lock'] as const,
  history: ['history'] as const,
  reports: ['reports'] as const,
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What was read is replaced, never changed: no need to watch the inside of ten thousand entries.
      shallow: true,
      // Whoever has no network is told at once; what is there stays on the screen.
      networkMode: 'always',
      retry: (failures, reason) => reason instanceof Problem && reason.passing && failures < 2,
    },
    mutations: { networkMode: 'always' },
  },
})
