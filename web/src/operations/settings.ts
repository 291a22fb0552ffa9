// What admins set for everybody: the time that is settled, and the demo data.
import { useQuery } from '@tanstack/vue-query'
import { api, ifMatch, read, write } from '@/api/client'
import { keys, queryClient } from '@/api/queries'

export const useLock = () => useQuery({ queryKey: keys.lock, queryFn: () => read(api.GET('/api/v1/lock')) })

/** Of the version that was seen: whoever was faster is not overruled unseen. */
export async function setLock(locked_before: string | null, version: number) {
  try {
    const lock = await write((header) => api.PUT('/api/v1/lock', { params: { header: { ...header, ...ifMatch(version) } }, body: { locked_before } }))
    queryClient.setQueryData(keys.lock, lock)
    return lock
  } catch (reason) {
    void queryClient.invalidateQueries({ queryKey: keys.lock })
    throw reason
  }
}

export const useDemoData = () => useQuery({ queryKey: keys.demo, queryFn: () => read(api.GET('/api/v1/demo-data')) })

async function changed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } finally {
    await queryClient.invalidateQueries()
  }
}

export const fillDemoData = () => changed(write((header) => api.POST('/api/v1/demo-data', { params: { header } })))

export const removeDemoData = () => changed(write((header) => api.DELETE('/api/v1/demo-data', { params: { header: { ...header, 'If-Match': '*' } } })))
