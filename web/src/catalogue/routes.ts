import { FolderKanban } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { kinds } from './catalogue'

export default kinds.map((kind): RouteRecordRaw => ({
  path: `/${kind}`,
  component: () => import('./CataloguePage.vue'),
  props: { kind },
  meta: kind === 'projects' ? { title: 'catalogue.kind.projects', nav: { icon: FolderKanban, order: 60 } } : { title: `catalogue.kind.${kind}`, under: '/projects' },
}))
