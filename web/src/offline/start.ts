// Shows and sends what waits, from the start of the app on.
import { watch } from 'vue'
import { away } from '@/api/network'
import { keys, queryClient } from '@/api/queries'
import { drain } from './drain'
import { sendable } from './ops'
import { show, take, unshow } from './show'
import { listen, loaded, waiting } from './waiting'

const showAll = () => sendable(waiting.value).forEach(({ op }) => void show(op))

export async function startSending() {
  await loaded()
  showAll()
  // What is read from the API does not know of it yet.
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    if ([keys.entries[0], keys.timer[0]].some((key) => key === event.query.queryKey[0])) showAll()
  })
  listen((news) => {
    if ('waits' in news) show(news.waits)
    else if ('done' in news) take(news.done, news.outcome)
    else unshow(news.refused)
  })
  watch(away, (now) => now || void drain())
  void drain()
}
