// Saved reports and the links to them.
import { useQuery } from '@tanstack/vue-query'
import { api, ifMatch, read, write } from '@/api/client'
import { queryClient } from '@/api/queries'
import type { ReportDefinition, SavedReport } from '@/api/types'

// Not under the reports' key: they do not change with an entry.
const savedKey = ['saved-reports'] as const
const sharesKey = (id: string) => [...savedKey, id, 'shares'] as const

/** Nobody keeps so many by hand. */
const ALL = 200

export const useSavedReports = () =>
  useQuery({ queryKey: savedKey, queryFn: async () => (await read(api.GET('/api/v1/saved-reports', { params: { query: { limit: ALL } } }))).items })

const readAgain = () => queryClient.invalidateQueries({ queryKey: savedKey })

export async function saveReport(name: string, definition: ReportDefinition): Promise<SavedReport> {
  const made = await write((header) => api.POST('/api/v1/saved-reports', { params: { header }, body: { name, definition } }))
  await readAgain()
  return made
}

export async function renameReport({ id, version }: SavedReport, name: string): Promise<SavedReport> {
  try {
    return await write((header) =>
      api.PATCH('/api/v1/saved-reports/{id}', { params: { path: { id }, header: { ...header, ...ifMatch(version) } }, body: { name } }),
    )
  } finally {
    await readAgain()
  }
}

export async function deleteReport({ id, version }: SavedReport): Promise<void> {
  try {
    await write((header) => api.DELETE('/api/v1/saved-reports/{id}', { params: { path: { id }, header: { ...header, ...ifMatch(version) } } }))
  } finally {
    await readAgain()
  }
}

export const useShares = (id: string) =>
  useQuery({
    queryKey: sharesKey(id),
    queryFn: async () => (await read(api.GET('/api/v1/saved-reports/{id}/shares', { params: { path: { id }, query: { limit: ALL } } }))).items,
  })

/** Makes a link that ends after so many days; its address is told this once. */
export async function makeShare(id: string, days: number): Promise<string | undefined> {
  const expires_at = new Date(Date.now() + days * 86_400_000).toISOString()
  const { token } = await write((header) => api.POST('/api/v1/saved-reports/{id}/share', { params: { path: { id }, header }, body: { expires_at } }))
  await queryClient.invalidateQueries({ queryKey: sharesKey(id) })
  return token ? `${location.origin}/shared/${token}` : undefined
}

export async function revokeShare(report: string, id: string): Promise<void> {
  await write((header) => api.DELETE('/api/v1/shares/{id}', { params: { path: { id }, header: { ...header, 'If-Match': '*' } } }))
  await queryClient.invalidateQueries({ queryKey: sharesKey(report) })
}
