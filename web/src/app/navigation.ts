// The pages that are in the navigation, for whom they are.
import { computed, type Component } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { session } from '@/auth/session'

export interface NavLink {
  path: string
  title: string
  icon: Component
}

export function useNavigation() {
  const { t } = useI18n()
  const router = useRouter()
  return computed<NavLink[]>(() =>
    router
      .getRoutes()
      .flatMap(({ path, meta }) => (meta.nav ? [{ path, title: t(meta.title ?? ''), ...meta.nav }] : []))
      .filter(({ role }) => !role || session.person.value?.roles.includes(role))
      .sort((a, b) => a.order - b.order),
  )
}
