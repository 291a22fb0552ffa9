// The pages. Each domain has a `routes.ts` that lists its own; a page is loaded when it is opened.
import { createRouter, createWebHistory, type RouteLocationNormalizedLoaded, type RouteRecordRaw } from 'vue-router'
import type { Component } from 'vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** The page's name, as a key of the texts. */
    title?: string
    /** Its place in the navigation; without one it is not there. `short` is its name where a telephone has little room. */
    nav?: { icon: Component; order: number; role?: string; short?: string }
    /** The page of the navigation that it belongs to. */
    under?: string
    /** For everybody, without a login. */
    open?: boolean
  }
}

const found = import.meta.glob<RouteRecordRaw[]>('../*/routes.ts', { eager: true, import: 'default' })
const routes = Object.values(found).flat()

export const router = createRouter({
  history: createWebHistory(),
  routes: [...routes, { path: '/:rest(.*)*', name: 'nothing', component: () => import('./NothingPage.vue'), meta: { title: 'app.nothing.title' } }],
  // A filter in the address is the same page: it stays where it is.
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

/** Whether this page, or the one that is being loaded, is for everybody. */
export const isOpen = (route: RouteLocationNormalizedLoaded) => (route.matched.length ? route : router.resolve(location.pathname)).meta.open === true

// After an update of the system the old page's files are gone: the new page has the new ones.
router.onError((reason, to) => {
  if (/dynamically imported module|module script|preload/i.test(String(reason))) location.assign(to.fullPath)
})
