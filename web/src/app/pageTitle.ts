// The title of the window: the running time first, where there is one, then the page.
import { reactive, watchEffect } from 'vue'

export const pageTitle = reactive({ running: '', page: '' })

watchEffect(() => {
  document.title = [pageTitle.running, pageTitle.page, 'TimeTracker'].filter(Boolean).join(' · ')
})
