// The pages. Each domain has a `routes.ts` that lists its own; a page is loaded when it is opened.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { Component } from 'vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** The page's name, as a key of the texts. */
    title?: string
    /** Its place in the navigation; without one it is not there. */
    nav?: { icon: Component; order: number; role?: string }
    /** The page of the navigation that it belongs to. */
    under?: string
  }
}

const found = import.meta.glob<RouteRecordRaw[]>('../*/routes.ts', { eager: true, import: 'default' })
const routes = Object.values(found).flat()

export const router = createRouter({
  history: createWebHistory(),
  routes: [...routes, { path: '/:rest(.*)*', name: 'nothing', component: () => import('./NothingPage.vue'), meta: { title: 'app.nothing.title' } }],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

// After an update of the system the old page's files are gone: the new page has the new ones.
router.onError((reason, to) => {
  if (/dynamically imported module|module script|preload/i.test(String(reason))) location.assign(to.fullPath)
})
