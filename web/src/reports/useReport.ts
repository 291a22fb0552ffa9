// The report that the address asks for. A change is a step that the browser's back button takes back.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useMe } from '@/auth/profile'
import { useNow } from '@/time/useNow'
import { myZone } from '@/time/myZone'
import { today } from '@/time/zone'
import { askOf, daysOf, type Filters, filtersOf, queryOf, unreadIn } from './filters'

export function useReport() {
  const route = useRoute()
  const router = useRouter()
  const me = useMe()
  const now = useNow()
  const filters = computed(() => filtersOf(route.query))
  const weekStart = computed(() => me.data.value?.week_start)
  const day = computed(() => today(myZone(), now.value))
  const range = computed(() => daysOf(filters.value, day.value, weekStart.value))
  /** What is not a filter: the text of the detailed list, the year. */
  const others = () => Object.fromEntries(['q', 'year'].flatMap((key) => (route.query[key] ? [[key, route.query[key]]] : [])))
  return {
    filters,
    /** What the address says and cannot be asked. */
    unread: computed(() => unreadIn(route.query)),
    /** Where weeks begin is known, so the days are too. */
    ready: computed(() => me.isFetched.value),
    weekStart,
    day,
    range,
    ask: computed(() => askOf(filters.value, range.value)),
    change: (change: Partial<Filters>) => router.push({ query: { ...others(), ...queryOf({ ...filters.value, ...change }) } }),
    /** Where the same is asked in another form. */
    query: computed(() => queryOf(filters.value)),
  }
}

export type Report = ReturnType<typeof useReport>
