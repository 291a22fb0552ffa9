// Logging out while something waits: one is told first what becomes of it.
import { ref } from 'vue'
import { session } from '@/auth/session'
import { waiting } from './waiting'

export const leaving = ref(false)

export function leave() {
  if (waiting.value.length) leaving.value = true
  else void session.logout()
}
