// The pages that are in the navigation, for whom they are, and which of them is open.
import { computed, type Component } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { session } from '@/auth/session'

export interface NavLink {
  path: string
  title: string
  short: string
  icon: Component
}

export function useNavigation() {
  const { t } = useI18n()
  const router = useRouter()
  return computed<NavLink[]>(() =>
    router
      .getRoutes()
      .flatMap(({ path, meta: { title = '', nav } }) => (nav ? [{ path, ...nav, title: t(title), short: t(nav.short ?? title) }] : []))
      .filter(({ role }) => !role || session.person.value?.roles.includes(role))
      .sort((a, b) => a.order - b.order),
  )
}

export function useIsOpen() {
  const route = useRoute()
  return ({ path }: NavLink) => route.path === path || route.meta.under === path
}
