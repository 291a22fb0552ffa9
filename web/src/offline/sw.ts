// The service worker: keeps the app's own files, so that it opens without a network. What the API and Keycloak say it never sees.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: Parameters<typeof precacheAndRoute>[0] }

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
// Each page of the app is the same file; what others serve, and files that are not there, come from the network.
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/(api|auth|docs|problems)(\/|$|\?)/, /^[^?]*\.[^/?]*(\?|$)/] }))

// The first one serves the page that has brought it; a newer one waits until the page says that it may take over.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', ({ data }) => {
  if ((data as { type?: string } | undefined)?.type === 'SKIP_WAITING') void self.skipWaiting()
})
