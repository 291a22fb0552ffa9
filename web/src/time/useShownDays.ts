// Which days a page shows: a week or a day, kept in the address, so that it can be linked to and is there after a reload.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useMe } from '@/auth/profile'
import { useNow } from './useNow'
import { daysFrom, firstWeekday, weekBegin } from './week'
import { myZone } from './myZone'
import { type Day, isDay, plusDays, today } from './zone'

export type View = 'week' | 'day'

export function useShownDays(usual: View, views: View[] = ['week', 'day']) {
  const route = useRoute()
  const router = useRouter()
  const me = useMe()
  const now = useNow()
  const current = computed(() => today(myZone(), now.value))
  const day = computed<Day>(() => (isDay(route.query.day) ? route.query.day : current.value))
  const view = computed<View>(() => views.find((one) => one === route.query.view) ?? usual)
  const weekday = computed(() => firstWeekday(me.data.value?.week_start))
  const first = computed(() => (view.value === 'day' ? day.value : weekBegin(day.value, weekday.value)))
  const count = computed(() => (view.value === 'day' ? 1 : 7))
  const days = computed(() => daysFrom(first.value, count.value))

  const go = (query: { day?: Day; view?: View }) => void router.replace({ query: { ...route.query, ...query } })

  return {
    current,
    day,
    /** What the address says and is no day. */
    unreadable: computed(() => (route.query.day == null || isDay(route.query.day) ? undefined : String(route.query.day))),
    view,
    weekday,
    first,
    days,
    isNow: computed(() => days.value.includes(current.value)),
    go,
    /** So many weeks, or days, on or back. */
    step: (by: number) => go({ day: plusDays(first.value, by * count.value) }),
    toToday: () => go({ day: current.value }),
  }
}

export type ShownDays = ReturnType<typeof useShownDays>
