// Whether the server can be reached, as far as one knows.
import { ref } from 'vue'

/** By the browser's word, or because the last request got no answer. */
export const away = ref(!navigator.onLine)

addEventListener('offline', () => (away.value = true))
addEventListener('online', () => (away.value = false))
