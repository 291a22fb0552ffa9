// The work that was done lately, each once, for starting it again.
import type { TimeEntry } from '@/api/types'
import { type Work, workKey, workOf } from './work'

export function recentWork(entries: TimeEntry[], most: number): Work[] {
  const found = new Map<string, Work>()
  for (const entry of entries) {
    const key = workKey(entry)
    if (entry.description || entry.project_id) found.set(key, workOf(entry))
    if (found.size === most) break
  }
  return [...found.values()]
}
