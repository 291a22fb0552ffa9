// The names that may be typed, and what becomes of one that is taken.
import { complain, tell } from '@/app/toasts'
import { i18n } from '@/app/i18n'
import { createItem, useCatalogue } from './catalogue'
import { type Option, projectOptions, tagOptions } from './options'

/** Makes the project or tag in passing where it is not there yet. */
export async function taken(kind: 'projects' | 'tags', option: Option): Promise<Option | undefined> {
  if (!option.create) return option
  try {
    const { id, name } = await createItem(kind, { name: option.name })
    tell(i18n.global.t(`catalogue.made.${kind}`, { name }))
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
