// The zone of one's days. It is the browser's from the first login on; where the two differ later, somebody travels or has moved, and is
// asked.
import { computed, ref, watch } from 'vue'
import { myZone, setMyZone } from '@/time/myZone'
import { browserZone } from '@/time/zone'
import { changeMe, saveMe, useMe } from './profile'

/** The answer that the zone stays, for these two. */
const KEPT = 'timetracker-zone-kept'

export function useZoneQuestion() {
  const me = useMe()
  const kept = ref(localStorage.getItem(KEPT))
  const here = browserZone()

  watch(
    () => me.data.value,
    (profile) => {
      if (!profile) return
      const isNew = profile.version === 0
      setMyZone(isNew ? here : profile.zone)
      // Without a success it is tried again at the next start.
      if (isNew && profile.zone !== here) void changeMe({ zone: here }).catch(() => undefined)
    },
    { immediate: true },
  )

  const both = computed(() => `${myZone()} ${here}`)
  return {
    here,
    zone: computed(myZone),
    asks: computed(() => !!me.data.value && myZone() !== here && kept.value !== both.value),
    take: () => saveMe({ zone: here }),
    keep() {
      kept.value = both.value
      localStorage.setItem(KEPT, both.value)
    },
  }
}
