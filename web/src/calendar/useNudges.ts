// Moving an entry by keys: each press shows at once, and what came of several is saved together, as one change to take back.
import { computed, onBeforeUnmount, shallowRef, type Ref } from 'vue'
import type { TimeEntry, TimeEntryChange } from '@/api/types'
import { changed } from '@/entries/edit'
import type { EntryActions } from '@/entries/useEntryActions'

/** Milliseconds without another press after which it is saved. */
const REST = 700

export function useNudges(entries: Ref<TimeEntry[]>, actions: EntryActions) {
  const pending = shallowRef<{ entry: TimeEntry; change: TimeEntryChange }>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function save() {
    clearTimeout(timer)
    const now = pending.value
    if (!now) return
    // The change is on the screen with this call, so nothing jumps back.
    void actions.alter(now.entry, now.change)
    pending.value = undefined
  }

  /** Changes the entry as it is shown; answers how it is shown then. */
  function nudge(id: string, change: (entry: TimeEntry) => TimeEntryChange): TimeEntry | undefined {
    if (pending.value && pending.value.entry.id !== id) save()
    const entry = pending.value?.entry ?? entries.value.find((one) => one.id === id)
    if (!entry?.end) return undefined
    const shown = changed(entry, pending.value?.change ?? {})
    pending.value = { entry, change: { ...pending.value?.change, ...change(shown) } }
    clearTimeout(timer)
    timer = setTimeout(save, REST)
    return changed(entry, pending.value.change)
  }

  onBeforeUnmount(save)

  return {
    nudge,
    save,
    /** With what is not saved yet. */
    shown: computed(() => entries.value.map((entry) => (entry.id === pending.value?.entry.id ? changed(entry, pending.value.change) : entry))),
  }
}
