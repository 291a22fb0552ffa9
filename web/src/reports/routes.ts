import { ChartPie } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

const under = '/reports'

export default [
  {
    path: '/reports',
    component: () => import('./ReportsPage.vue'),
    meta: { title: 'reports.title', nav: { icon: ChartPie, order: 40 } },
    children: [
      { path: '', component: () => import('./SummaryView.vue'), meta: { under } },
      { path: 'entries', component: () => import('./DetailedView.vue'), meta: { under } },
      { path: 'year', component: () => import('./YearView.vue'), meta: { under } },
      { path: 'saved', component: () => import('./SavedView.vue'), meta: { under } },
    ],
  },
  { path: '/shared/:token', component: () => import('./SharedPage.vue'), props: true, meta: { title: 'reports.shared.title', open: true } },
] satisfies RouteRecordRaw[]
