import { CalendarDays } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/calendar', component: () => import('./CalendarPage.vue'), meta: { title: 'calendar.title', nav: { icon: CalendarDays, order: 20 } } },
] satisfies RouteRecordRaw[]
