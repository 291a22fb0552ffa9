// From nothing to the page: language, theme, session, then the app.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import { queryClient } from '@/api/queries'
import { session } from '@/auth/session'
import { comeBackTo } from '@/auth/memory'
import { restoreKnown } from '@/offline/known'
import App from './App.vue'
import { i18n, preferred, speak } from './i18n'
import { isOpen, router } from './router'
import { applyTheme } from './theme'

export async function start() {
  applyTheme()
  const [, shown] = await Promise.all([speak(preferred()), isOpen(router.currentRoute.value) || session.start()])
  if (!shown) return
  const person = session.person.value
  if (person) await restoreKnown(person.id)
  const back = session.state.value === 'in' ? comeBackTo.take() : undefined
  if (back) await router.replace(back)
  createApp(App).use(i18n).use(router).use(VueQueryPlugin, { queryClient }).mount('#app')
  // The page comes first.
  if (!('serviceWorker' in navigator)) return
  if (document.readyState === 'complete') void work()
  else addEventListener('load', () => void work(), { once: true })
}

const work = async () => (await import('@/offline/worker')).startWorker()
