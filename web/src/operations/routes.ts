import { Activity } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/operations', component: () => import('./OperationsPage.vue'), meta: { title: 'operations.title', nav: { icon: Activity, order: 90, role: 'admin' } } },
] satisfies RouteRecordRaw[]
