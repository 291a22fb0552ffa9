// The time now, for all that ticks: one timer for the whole page.
import { readonly, ref } from 'vue'

const now = ref(Date.now())

function tick() {
  now.value = Date.now()
  setTimeout(tick, 1000 - (now.value % 1000))
}
tick()

/** Milliseconds, new each second. */
export const useNow = () => readonly(now)
