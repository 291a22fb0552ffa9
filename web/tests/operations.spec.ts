// How the system is, for admins.
import { accessible, expect, login, test } from './support'

test('admins see each service, what waits, and that it is read anew', async ({ page }) => {
  // Without the application behind it, the gateway speaks for itself.
  await page.route('**/api/v1/reports/status', (route) => route.fulfill({ status: 502, contentType: 'text/plain', body: 'Bad Gateway' }))
  await login(page, 'ada')
  await page.getByRole('link', { name: 'Operations' }).first().click()
  await expect(page).toHaveURL(/\/operations$/)
  const row = (name: string) => page.getByTestId('service').filter({ has: page.getByText(name, { exact: true }) })
  const service = (name: string) => row(name).locator('[data-health]')
  await expect(service('Application')).toHaveText('Down')
  await expect(row('Application')).toContainText('Is Spin running?')
  await expect(service('Gateway')).toHaveText('Works')
  await expect(service('Message broker')).toHaveText('Not known')
  await expect(page.getByRole('alert')).toBeVisible()
  // When it is back, that shows without a click.
  await page.unroute('**/api/v1/reports/status')
  for (const name of ['Gateway', 'Application', 'Database', 'Login', 'Message broker', 'Reports worker']) await expect(service(name)).toHaveText('Works', { timeout: 15_000 })
  await expect(page.getByTestId('service')).toHaveCount(7)
  await expect(page.getByRole('alert')).toHaveCount(0)
  for (const name of ['Lag', 'reporting.retry.10s', 'reporting.dead', 'Failed']) await expect(page.getByTestId('figure').filter({ hasText: name }).first()).toBeVisible()
  await accessible(page, 'operations')
})

test('dead letters are looked at, sent again and dropped', async ({ page }) => {
  // They come about by messages that only a broken system sends: the answers are those of the API's document.
  const id = (n: number) => `9c7c1f0a-7c1b-4b7a-9f36-0d7d3f8f2f1${n}`
  const letter = (n: number, reason: string) => ({
    ...{ id: id(n), reason, kind: n ? 'parked' : 'poison', attempts: 4, message_id: null, replay_at: null as string | null, version: `177788340212000${n}` },
    ...{ first_failed_at: '2026-05-04T08:30:02.120000Z', last_failed_at: '2026-05-04T08:31:12.120000Z' },
  })
  let letters = [letter(0, 'the entry has no days'), letter(1, 'a form that is not known: time-entry-event-v9')]
  const asked: string[] = []
  await page.route(/\/api\/v1\/dead-letters/, async (route) => {
    const request = route.request()
    const { pathname } = new URL(request.url())
    const found = letters.find((one) => pathname.includes(one.id))
    if (request.method() !== 'GET') asked.push(`${request.method()} ${pathname.slice('/api/v1'.length)} ${request.headers()['if-match'] ?? ''}`.trim())
    if (!found) return route.fulfill({ json: { items: letters, next_cursor: null } })
    if (request.method() === 'GET') {
      return route.fulfill({ json: { letter: found, attempts: [{ at: found.first_failed_at, reason: found.reason }], properties: { content_type: 'application/json' }, body_form: 'json', body: { specversion: '1.0' } } })
    }
    letters = letters.filter((one) => one !== found)
    return request.method() === 'DELETE' ? route.fulfill({ status: 204 }) : route.fulfill({ status: 202, json: { ...found, replay_at: '2026-05-04T08:32:00Z' } })
  })
  await login(page, 'ada', '/operations')
  const row = (text: string) => page.getByTestId('letter').filter({ hasText: text })
  await row('the entry has no days').getByRole('button', { name: 'Look' }).click()
  const dialog = page.getByRole('dialog', { name: 'Dead letter' })
  await expect(dialog.getByRole('region', { name: 'Content' })).toContainText('"specversion": "1.0"')
  await expect(dialog).toContainText('mend what its reason says')
  await accessible(page, 'dead letter')
  await dialog.getByRole('button', { name: 'Send again' }).click()
  await expect(page.getByTestId('toast').filter({ hasText: 'sent again' })).toBeVisible()
  await expect(row('the entry has no days')).toHaveCount(0)

  await row('not known').getByRole('button', { name: 'Drop' }).click()
  await page.getByRole('dialog', { name: 'Drop this message?' }).getByRole('button', { name: 'Cancel' }).click()
  await expect(row('not known')).toHaveCount(1)
  await row('not known').getByRole('button', { name: 'Drop' }).click()
  await page.getByRole('dialog', { name: 'Drop this message?' }).getByRole('button', { name: 'Drop' }).click()
  await expect(page.getByRole('heading', { name: 'There are no dead letters' })).toBeVisible()
  expect(asked).toEqual([`POST /dead-letters/${id(0)}/replay`, `DELETE /dead-letters/${id(1)} "1777883402120001"`])
})

test('others do not come here', async ({ page }) => {
  let asked = 0
  await page.route(/dead-letters|reports\/status/, (route) => (asked++, route.continue()))
  await login(page, 'mona', '/operations')
  await expect(page.getByRole('heading', { name: 'This page is for administrators' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Operations' })).toHaveCount(0)
  expect(asked).toBe(0)
})

test('admins settle time, and everybody is told why nothing changes there', async ({ page, browser }) => {
  const ada = await login(page, 'ada', '/operations')
  await ada.call('PUT', '/lock', { locked_before: null }, { 'If-Match': '*' })
  await page.reload()
  const lock = page.getByTestId('lock')
  await expect(lock).toContainText('No time is settled')
  await lock.getByLabel('Settle all time before').fill('2020-05-01')
  await lock.getByRole('button', { name: 'Settle', exact: true }).click()
  await expect(lock).toContainText('Time before 1 May 2020 is settled')
  await accessible(page, 'lock')
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB', timezoneId: 'Europe/Zurich', serviceWorkers: 'block' })
  const other = await context.newPage()
  await login(other, 'bob')
  await other.keyboard.press('a')
  const dialog = other.getByRole('dialog', { name: 'Add time' })
  await dialog.getByLabel('Day').fill('2020-04-01')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toContainText('All before 1 May 2020 is settled')
  await context.close()
  await lock.getByRole('button', { name: 'Open all' }).click()
  await expect(lock).toContainText('No time is settled')
  expect((await ada.call<{ locked_before: unknown }>('GET', '/lock')).locked_before).toBeNull()
})
