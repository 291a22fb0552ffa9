// What a name that is being typed may mean: projects and their tasks, or tags, and one to be made.
import { matches, sameName } from '@/ui/matches'
import type { ListOption } from '@/ui/OptionList.vue'
import type { Project, Tag, Task } from '@/api/types'

/** Its hint is the client of a project, the project of a task. */
export interface Option extends ListOption {
  project_id?: string
  task_id?: string
  tag_id?: string
}

const MOST = 50

interface Known {
  projects: Project[]
  tasks: Task[]
  tags: Tag[]
  clientName: (id?: string | null) => string | undefined
}

const beginning = (typed: string) => (a: Option, b: Option) => {
  const starts = (option: Option) => (option.name.toLowerCase().startsWith(typed.toLowerCase()) ? 0 : 1)
  return starts(a) - starts(b)
}

const offered = (options: Option[], typed: string, isThere: boolean): Option[] => {
  const name = typed.trim()
  const found = options.filter((option) => matches(`${option.name} ${option.hint ?? ''}`, typed)).sort(beginning(typed))
  const made = name && !isThere ? [{ key: 'create', name, create: true }] : []
  return [...found.slice(0, MOST), ...made]
}

export function projectOptions({ projects, tasks, clientName }: Known, typed: string): Option[] {
  const live = projects.filter(({ archived }) => !archived)
  const byId = new Map(live.map((project) => [project.id, project]))
  const options = [
    ...live.map((project) => ({ key: project.id, name: project.name, hint: clientName(project.client_id), color: project.color, project_id: project.id })),
    ...tasks.flatMap((task) => {
      const project = byId.get(task.project_id ?? '')
      // Tasks only where something is typed: there are many.
      return project && !task.archived && typed ? [{ key: task.id, name: task.name, hint: project.name, color: project.color, project_id: project.id, task_id: task.id }] : []
    }),
  ]
  return offered(options, typed, live.some(({ name }) => sameName(name, typed)))
}

export function tagOptions({ tags }: Known, typed: string): Option[] {
  const live = tags.filter(({ archived }) => !archived)
  return offered(
    live.map((tag) => ({ key: tag.id, name: tag.name, color: tag.color, tag_id: tag.id })),
    typed,
    live.some(({ name }) => sameName(name, typed)),
  )
}
