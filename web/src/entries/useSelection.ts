// Which entries are chosen: by a click, by the keyboard, and with Shift all in between.
import { computed, shallowRef, watch } from 'vue'
import type { TimeEntry } from '@/api/types'

export function useSelection(entries: () => TimeEntry[]) {
  const ids = shallowRef(new Set<string>())
  let last: string | undefined

  // What is deleted is no longer chosen.
  watch(entries, (all) => {
    if (!ids.value.size) return
    const known = new Set(all.map(({ id }) => id))
    const left = [...ids.value].filter((id) => known.has(id))
    if (left.length < ids.value.size) ids.value = new Set(left)
  })

  function toggle(id: string, through = false) {
    const next = new Set(ids.value)
    const order = entries().filter(({ end }) => end)
    const [from, to] = [order.findIndex((entry) => entry.id === last), order.findIndex((entry) => entry.id === id)]
    if (through && from >= 0 && to >= 0) order.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((entry) => next.add(entry.id))
    else if (!next.delete(id)) next.add(id)
    last = id
    ids.value = next
  }

  return {
    has: (id: string) => ids.value.has(id),
    selected: computed(() => entries().filter(({ id, end }) => end && ids.value.has(id))),
    toggle,
    clear: () => (ids.value = new Set()),
  }
}

export type Selection = ReturnType<typeof useSelection>
