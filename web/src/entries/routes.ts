import { ListTodo } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/', component: () => import('./EntriesPage.vue'), meta: { title: 'entries.title', nav: { icon: ListTodo, order: 10, short: 'entries.short' } } },
] satisfies RouteRecordRaw[]
