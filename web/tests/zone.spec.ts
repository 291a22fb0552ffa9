// The zone of one's days: the browser's at the first login, asked about where the two differ, and one notion of today everywhere.
import { accessible, expect, login, test } from './support'

const dayIn = (timeZone: string) => new Date().toLocaleDateString('sv', { timeZone })

test('the first login takes the zone of the browser', async ({ page }) => {
  // As the API answers whoever has never changed anything.
  let isNew = true
  await page.route('**/api/v1/me', async (route) => {
    if (route.request().method() !== 'GET') {
      isNew = false
      return route.continue({ headers: { ...route.request().headers(), 'if-match': '*' } })
    }
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), ...(isNew ? { zone: 'UTC', version: 0 } : {}) } })
  })
  const sent = page.waitForRequest((request) => request.method() === 'PATCH' && request.url().endsWith('/api/v1/me'))
  const mona = await login(page, 'mona')
  await sent
  await expect.poll(async () => (await mona.call<{ zone: string }>('GET', '/me')).zone).toBe('Europe/Zurich')
  await expect(page.getByTestId('zone-question')).toHaveCount(0)
})

test('where the profile has another zone people are asked, and today is that of the profile everywhere', async ({ page }) => {
  const mona = await login(page, 'mona')
  await mona.clear()
  // The first and the last place on earth where a day begins: today is another one in one of them.
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    await mona.call('PATCH', '/me', { zone }, { 'If-Match': '*' })
    await page.goto('/')
    await expect(page.getByTestId('zone-question')).toContainText(zone.replace('_', ' '))
    await page.getByRole('button', { name: 'Add time' }).first().click()
    await expect(page.getByRole('dialog', { name: 'Add time' }).getByLabel('Day')).toHaveValue(dayIn(zone))
    await page.keyboard.press('Escape')
    const asked = page.waitForRequest((request) => /reports\/summary.*group_by=project/.test(request.url()))
    await page.goto('/reports?span=today')
    expect(new URL((await asked).url()).searchParams.get('from')).toBe(dayIn(zone))
  }
  await accessible(page, 'zone question')
  await page.getByRole('button', { name: 'Stay with Pacific/Pago Pago' }).click()
  await expect(page.getByTestId('zone-question')).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Reports' })).toBeVisible()
  await expect(page.getByTestId('zone-question')).toHaveCount(0)
  await page.evaluate(() => localStorage.removeItem('timetracker-zone-kept'))
  await page.reload()
  await page.getByRole('button', { name: 'Use Europe/Zurich' }).click()
  await expect.poll(async () => (await mona.call<{ zone: string }>('GET', '/me')).zone).toBe('Europe/Zurich')
  await expect(page.getByTestId('zone-question')).toHaveCount(0)
})
