// Starts the service worker once the page is there, and says when a newer app waits. The page is never taken away by itself: what
// is typed in it would be lost.
import { Workbox } from 'workbox-window'
import { i18n } from '@/app/i18n'
import { tell } from '@/app/toasts'

/** Milliseconds between two looks for a newer app. */
const LOOK = 3_600_000

export async function startWorker() {
  const worker = new Workbox('/sw.js')
  const { t } = i18n.global
  worker.addEventListener('waiting', () =>
    tell(t('offline.update.ready'), {
      label: t('offline.update.reload'),
      run() {
        worker.addEventListener('controlling', () => location.reload())
        worker.messageSkipWaiting()
      },
    }, true),
  )
  try {
    await worker.register()
  } catch {
    // The browser does not want it: the app works, but does not open without a network.
    return
  }
  setInterval(() => void worker.update().catch(() => undefined), LOOK)
}
