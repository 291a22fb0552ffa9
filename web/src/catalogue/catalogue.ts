// Projects, clients, tasks and tags: all of them, the archived ones too, for entries of before name those.
import { useQuery } from '@tanstack/vue-query'
import { computed, effectScope } from 'vue'
import { api, ifMatch, read, write, type WriteHeaders } from '@/api/client'
import { keys, queryClient } from '@/api/queries'
import type { Client, Project, Tag, Task } from '@/api/types'

export const kinds = ['projects', 'clients', 'tasks', 'tags'] as const
export type Kind = (typeof kinds)[number]

export interface Items {
  projects: Project
  clients: Client
  tasks: Task
  tags: Tag
}
/** Any of them: `client_id` is a project's, `project_id` a task's. */
export type Item = Tag & { client_id?: string | null; project_id?: string | null }

/** What one says of an item, new or changed. */
export interface ItemFields {
  name?: string
  color?: string
  archived?: boolean
  client_id?: string | null
  project_id?: string
}

export const keyOf = (kind: Kind) => [...keys.catalogue, kind] as const

async function readAll<K extends Kind>(kind: K): Promise<Items[K][]> {
  const items: Items[K][] = []
  // All four are asked alike.
  const path = `/api/v1/${kind}` as '/api/v1/tags'
  for (let cursor: string | undefined; ; ) {
    const page = await read(api.GET(path, { params: { query: { limit: 200, cursor } } }))
    items.push(...(page.items as Items[K][]))
    if (!page.next_cursor) return items
    cursor = page.next_cursor
  }
}

const useItems = <K extends Kind>(kind: K) => useQuery({ queryKey: keyOf(kind), queryFn: () => readAll(kind), staleTime: 60_000 }, queryClient)

function makeCatalogue() {
  const queries = { projects: useItems('projects'), clients: useItems('clients'), tasks: useItems('tasks'), tags: useItems('tags') }
  const list = <K extends Kind>(kind: K) => computed(() => (queries[kind].data.value ?? []) as Items[K][])
  const lists = { projects: list('projects'), clients: list('clients'), tasks: list('tasks'), tags: list('tags') }
  const finder = <T extends { id: string }>(items: { value: T[] }) => {
    const byId = computed(() => new Map(items.value.map((item) => [item.id, item])))
    return (id?: string | null) => (id ? byId.value.get(id) : undefined)
  }
  return {
    ...lists,
    /** How the reading of each goes. */
    queries,
    project: finder(lists.projects),
    client: finder(lists.clients),
    task: finder(lists.tasks),
    tag: finder(lists.tags),
    loaded: computed(() => kinds.every((kind) => queries[kind].isFetched.value)),
  }
}

let shared: ReturnType<typeof makeCatalogue> | undefined

/** Everything, by id and by name: one for the whole page, for each row of a list asks it. */
export function useCatalogue() {
  shared ??= effectScope(true).run(makeCatalogue) as ReturnType<typeof makeCatalogue>
  return shared
}

function put(kind: Kind, item: Item) {
  queryClient.setQueryData<Item[]>(keyOf(kind), (items) => {
    const rest = (items ?? []).filter(({ id }) => id !== item.id)
    return [...rest, item].sort((a, b) => a.name.localeCompare(b.name))
  })
}

export async function createItem(kind: Kind, fields: ItemFields & { name: string }): Promise<Item> {
  const body = fields as never
  const item: Item = await write((header: WriteHeaders) => api.POST(`/api/v1/${kind}`, { params: { header }, body }) as never)
  put(kind, item)
  return item
}

export async function changeItem(kind: Kind, { id, version }: Item, fields: ItemFields): Promise<Item> {
  try {
    const params = (header: WriteHeaders) => ({ path: { id }, header: { ...header, ...ifMatch(version) } })
    const item: Item = await write((header) => api.PATCH(`/api/v1/${kind}/{id}`, { params: params(header), body: fields as never }) as never)
    put(kind, item)
    return item
  } catch (reason) {
    void queryClient.invalidateQueries({ queryKey: keyOf(kind) })
    throw reason
  }
}

export async function deleteItem(kind: Kind, { id, version }: Item): Promise<void> {
  await write((header) => api.DELETE(`/api/v1/${kind}/{id}`, { params: { path: { id }, header: { ...header, ...ifMatch(version) } } }) as never)
  queryClient.setQueryData<Item[]>(keyOf(kind), (items) => items?.filter((item) => item.id !== id))
}
