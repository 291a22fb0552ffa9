// The names that may be typed, and what becomes of one that is taken.
import { complain, tell } from '@/app/toasts'
import { i18n } from '@/app/i18n'
import { createItem, deleteItem, useCatalogue } from './catalogue'
import { type Option, projectOptions, tagOptions } from './options'

/** Makes the project or tag in passing where it is not there yet. `putBack` takes back what was done with it, for it to be unmade. */
export async function taken(kind: 'projects' | 'tags', option: Option, putBack: () => unknown): Promise<Option | undefined> {
  if (!option.create) return option
  try {
    const item = await createItem(kind, { name: option.name })
    const { id, name } = item
    const unmake = async () => {
      await putBack()
      await deleteItem(kind, item)
    }
    tell(i18n.global.t(`catalogue.made.${kind}`, { name }), { label: i18n.global.t('ui.undo'), run: () => unmake().catch(complain) })
    return kind === 'projects' ? { key: id, name, project_id: id } : { key: id, name, tag_id: id }
  } catch (reason) {
    complain(reason)
    return undefined
  }
}

export function useOptions() {
  const catalogue = useCatalogue()
  const known = () => ({
    projects: catalogue.projects.value,
    tasks: catalogue.tasks.value,
    tags: catalogue.tags.value,
    clientName: (id?: string | null) => catalogue.client(id)?.name,
  })
  return {
    catalogue,
    options: (kind: 'projects' | 'tags', typed: string) => (kind === 'projects' ? projectOptions : tagOptions)(known(), typed),
  }
}
