// Work that is started often, pinned. The API has no place for it, so it is kept in this browser, for each person.
import { computed, ref, watch } from 'vue'
import type { TimeEntry } from '@/api/types'
import { session } from '@/auth/session'
import { type Work, workKey, workOf } from './work'

const place = () => `timetracker-favourites-${session.person.value?.id ?? ''}`
const MOST = 12

function read(): Work[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place()) ?? '[]')
    return Array.isArray(kept) ? (kept as Work[]) : []
  } catch {
    return []
  }
}

const list = ref<Work[]>([])
watch(session.person, () => (list.value = read()), { immediate: true })
// Another window has pinned something.
addEventListener('storage', ({ key }) => {
  if (key === place()) list.value = read()
})

const has = (work: Work | TimeEntry) => list.value.some((one) => workKey(one) === workKey(work))

function toggle(work: Work | TimeEntry) {
  const rest = list.value.filter((one) => workKey(one) !== workKey(work))
  list.value = rest.length < list.value.length ? rest : [...rest, workOf(work)].slice(-MOST)
  localStorage.setItem(place(), JSON.stringify(list.value))
}

export const useFavourites = () => ({ favourites: computed(() => list.value), has, toggle })
