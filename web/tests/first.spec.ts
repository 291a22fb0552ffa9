// The first visit, and the ten-thousandth entry.
import { accessible, expect, login, test } from './support'

test('an empty list teaches in three steps, and an admin fills in demo data by one click', async ({ page }) => {
  const ada = await login(page, 'ada')
  await ada.call('DELETE', '/demo-data', undefined, { 'If-Match': '*' })
  await ada.clear()
  await page.reload()
  const first = page.getByTestId('first')
  await expect(first.getByRole('listitem')).toHaveCount(3)
  await accessible(page, 'first visit')
  await first.getByRole('button', { name: 'Fill in demo data' }).click()
  await expect(page.getByTestId('entry').first()).toBeVisible({ timeout: 20_000 })
  await expect(page.getByTestId('first')).toHaveCount(0)
  await accessible(page, 'demo data')
  // Everything, by scrolling.
  const before = await page.getByTestId('entry').first().getAttribute('data-id')
  await page.keyboard.press('End')
  await expect.poll(() => page.getByTestId('entry').first().getAttribute('data-id')).not.toBe(before)
  // And it is removed again by another.
  await page.goto('/operations')
  await page.getByRole('button', { name: 'Remove demo data' }).click()
  await page.getByRole('dialog', { name: 'Remove the demo data?' }).getByRole('button', { name: 'Remove demo data' }).click()
  await expect(page.getByRole('button', { name: 'Fill in demo data' })).toBeVisible({ timeout: 20_000 })
  await expect(page.getByTestId('toast').filter({ hasText: 'The demo data was removed' })).toBeVisible()
  expect((await ada.call<{ present: boolean }>('GET', '/demo-data')).present).toBe(false)
})

test('somebody without the right is not offered demo data', async ({ page }) => {
  const alice = await login(page, 'alice')
  await alice.clear()
  await page.reload()
  await expect(page.getByTestId('first')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Fill in demo data' })).toHaveCount(0)
})

test('of ten thousand entries only those on the screen are in the page', async ({ page }) => {
  const bob = await login(page, 'bob')
  await bob.clear()
  // Writing so many takes minutes; the list reads them as it reads its own.
  const count = 10_000
  const start = Date.now() - 40 * 86_400_000
  const instant = (minutes: number) => new Date(start + minutes * 60_000).toISOString().replace(/\.\d+/, '')
  const entry = (number: number) => ({
    ...{ id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, description: `Number ${number}`, version: 1, zone: 'Europe/Zurich', seconds: 120 },
    ...{ start: instant(number * 3), end: instant(number * 3 + 2), tag_ids: [], billable: false, created_at: instant(0), updated_at: instant(0), user_id: '' },
  })
  await page.route(/\/api\/v1\/time-entries\?/, (route) => {
    const query = new URL(route.request().url()).searchParams
    const from = Number(query.get('cursor') ?? 0)
    const to = Math.min(from + Number(query.get('limit')), count)
    const items = Array.from({ length: to - from }, (_, index) => entry(count - 1 - from - index))
    return route.fulfill({ json: { items, next_cursor: to < count ? String(to) : null } })
  })
  await page.reload()
  await expect(page.getByRole('group', { name: 'Number 9999' })).toBeVisible()
  const oldest = page.getByRole('group', { name: 'Number 0', exact: true })
  await expect
    .poll(async () => {
      await page.keyboard.press('End')
      return oldest.isVisible()
    }, { timeout: 90_000, intervals: [30] })
    .toBe(true)
  expect(await page.getByTestId('entry').count()).toBeLessThan(60)
})
