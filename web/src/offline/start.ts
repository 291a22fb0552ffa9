// Shows and sends what waits, from the start of the app on.
import { watch } from 'vue'
import { away } from '@/api/network'
import { keys, queryClient } from '@/api/queries'
import { drain } from './drain'
import { show, showWaiting, take, unshow } from './show'
import { listen, loaded } from './waiting'

export async function startSending() {
  await loaded()
  showWaiting()
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    if ([keys.entries[0], keys.timer[0]].some((key) => key === event.query.queryKey[0])) showWaiting()
  })
  listen((news) => {
    if ('waits' in news) show(news.waits)
    else if ('done' in news) take(news.done, news.outcome)
    else unshow(news.refused)
  })
  watch(away, (now) => now || void drain())
  void drain()
}
