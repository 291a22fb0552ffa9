import { Table2 } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/timesheet', component: () => import('./TimesheetPage.vue'), meta: { title: 'timesheet.title', nav: { icon: Table2, order: 30, short: 'timesheet.short' } } },
] satisfies RouteRecordRaw[]
