// Without a network: the app opens, entries and the timer work, and what was done is sent once when the network is back.
import type { Page } from '@playwright/test'
import { accessible, at, day, expect, login, test, typeLogin, type Person } from './support'

test.use({ serviceWorkers: 'allow' })

interface Entry {
  id: string
  version: number
  description: string
  start: string
  end: string | null
}

const row = (page: Page, name: string) => page.getByRole('group', { name, exact: true })
const status = (page: Page) => page.getByTestId('offline')
const box = (page: Page) => page.getByRole('combobox', { name: 'What are you working on?' })
const running = (page: Page) => page.getByRole('combobox', { name: 'What is running' })
const conflict = (page: Page) => page.getByRole('dialog', { name: 'A change could not be saved' })

/** Newest first. */
const entries = async (person: Person) => (await person.call<{ items: Entry[] }>('GET', '/time-entries')).items

/** The page with these entries, kept by the browser, and the worker ready. */
async function opened(page: Page, ...given: { description: string; start: string; end: string }[]): Promise<Person> {
  const bob = await login(page, 'bob')
  await bob.clear()
  if (given.length) await bob.enter(...given)
  await page.reload()
  for (const { description } of given) await expect(row(page, description)).toBeVisible()
  if (!given.length) await expect(page.getByTestId('first')).toBeVisible()
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForTimeout(1500)
  return bob
}

async function addEntry(page: Page, description: string, start: string, end: string, back = 1) {
  await page.keyboard.press('a')
  const dialog = page.getByRole('dialog', { name: 'Add time' })
  await dialog.getByLabel('Description').fill(description)
  await dialog.getByLabel('Day').fill(day(back))
  await dialog.getByLabel('Start').fill(start)
  await dialog.getByLabel('End').fill(end)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
}

async function change(page: Page, from: string, to: string) {
  const words = row(page, from).getByLabel('Description')
  await words.fill(to)
  await words.press('Enter')
  await expect(row(page, to)).toBeVisible()
}

test('the app can be installed', async ({ page, request }) => {
  await page.goto('/')
  const address = await page.locator('link[rel=manifest]').getAttribute('href')
  const answer = await request.get(address ?? '')
  expect(answer.headers()['content-type']).toBe('application/manifest+json')
  const { icons, ...manifest } = (await answer.json()) as { icons: { src: string; sizes: string; purpose?: string }[]; display: string }
  expect(manifest.display).toBe('standalone')
  expect(icons.map(({ sizes, purpose }) => [sizes, purpose].join(' ').trim())).toEqual(['any', '192x192', '512x512', '512x512 maskable'])
  for (const { src, sizes } of icons) {
    const size = await page.evaluate(async (src) => {
      const image = new Image()
      image.src = src
      await image.decode()
      return `${image.naturalWidth}x${image.naturalHeight}`
    }, src)
    if (sizes !== 'any') expect(size).toBe(sizes)
  }
  const worker = await request.get('/sw.js')
  expect(worker.headers()['cache-control']).toBe('no-cache')
  // What it keeps is the app, without the documentation, and nothing that the API says.
  const kept = await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    const caches = await Promise.all((await window.caches.keys()).map(async (name) => (await window.caches.open(name)).keys()))
    return caches.flat().map(({ url }) => new URL(url).pathname)
  })
  expect(kept).toContain('/index.html')
  expect(kept.filter((path) => /^\/(api|auth|docs|problems)/.test(path) || path.includes('docs'))).toEqual([])
  expect(kept.some((path) => path.startsWith('/assets/ChartBox'))).toBe(true)
})

test('entries and the timer work without a network, also after a reload, and are sent once', async ({ page, context }) => {
  const bob = await opened(page, { description: 'Before', start: at('07:00', 1), end: at('08:00', 1) }, { description: 'Too much', start: at('08:00', 1), end: at('08:30', 1) })
  await context.setOffline(true)
  await expect(status(page)).toContainText('Offline')
  await addEntry(page, 'Made offline', '09:00', '10:00')
  await expect(status(page)).toContainText('one change waits')
  await expect(row(page, 'Made offline').getByTestId('waits')).toBeVisible()
  await change(page, 'Made offline', 'Made and changed')
  await change(page, 'Before', 'Before, changed')
  await row(page, 'Too much').getByRole('button', { name: 'More: Too much' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(row(page, 'Too much')).toHaveCount(0)
  await box(page).fill('Timed offline')
  await box(page).press('Enter')
  await expect(running(page)).toHaveValue('Timed offline')
  await page.waitForTimeout(1100)
  await page.getByRole('button', { name: 'Switch to something else' }).click()
  await box(page).fill('The next thing')
  await box(page).press('Enter')
  await expect(running(page)).toHaveValue('The next thing')
  await expect(status(page)).toContainText('Offline – 6 changes wait')
  await accessible(page, 'offline')

  // The browser's own page of no network is not seen: the app starts with what it knew.
  await page.reload()
  await expect(running(page)).toHaveValue('The next thing')
  for (const name of ['Before, changed', 'Made and changed', 'Timed offline']) await expect(row(page, name)).toBeVisible()
  await expect(row(page, 'Too much')).toHaveCount(0)
  await expect(status(page)).toContainText('Offline – 6 changes wait')
  await page.waitForTimeout(1100)
  await page.getByRole('button', { name: 'Stop timer' }).click()
  await expect(box(page)).toBeVisible()
  const stopped = Date.now()
  // Also a week that nobody has looked at yet.
  await page.goto(`/calendar?day=${day(1)}&view=day`)
  await expect(page.getByText('Made and changed')).toBeVisible()
  await page.goto('/')
  expect((await entries(bob)).map(({ description }) => description)).toEqual(['Too much', 'Before'])

  await page.waitForTimeout(2500)
  await context.setOffline(false)
  const sent = async () => (await entries(bob)).map(({ description, end }) => description + (end ? '' : ', running'))
  await expect.poll(sent, { timeout: 20_000 }).toEqual(['The next thing', 'Timed offline', 'Made and changed', 'Before, changed'])
  const [next, timed] = await entries(bob)
  expect(timed?.end).toBe(next?.start)
  expect(Math.abs(Date.parse(next?.end ?? '') - stopped)).toBeLessThan(2000)
  await expect(status(page)).toHaveText('')
  await expect(page.getByTestId('waits')).toHaveCount(0)
  await expect(page.getByTestId('entry')).toHaveCount(4)
  await page.reload()
  await expect(page.getByTestId('entry')).toHaveCount(4)
})

test('a request whose answer was lost is not done twice', async ({ page }) => {
  const bob = await opened(page)
  // It arrives, and nothing comes back; neither do the repeats.
  await page.route(/\/api\/v1\/timer$/, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    await route.fetch()
    await route.abort()
  })
  await box(page).fill('Started once')
  await box(page).press('Enter')
  await expect(running(page)).toHaveValue('Started once', { timeout: 15_000 })
  await expect(row(page, 'Started once').getByTestId('waits')).toBeVisible()
  const [first] = await entries(bob)
  await page.unrouteAll({ behavior: 'wait' })
  await expect(status(page)).toHaveText('', { timeout: 20_000 })
  expect(await entries(bob)).toEqual([first])
  await expect(running(page)).toHaveValue('Started once')
  await expect(page.getByTestId('entry')).toHaveCount(1)
  await page.getByRole('button', { name: 'Stop timer' }).click()
  await expect.poll(async () => (await entries(bob))[0]?.end).not.toBeNull()
})

test('what was changed elsewhere too is shown to be decided: mine or theirs', async ({ page, context }) => {
  const bob = await opened(page, { description: 'One', start: at('08:00', 1), end: at('09:00', 1) }, { description: 'Two', start: at('09:00', 1), end: at('10:00', 1) }, { description: 'Three', start: at('10:00', 1), end: at('11:00', 1) })
  await context.setOffline(true)
  await change(page, 'One', 'One of mine')
  await change(page, 'Two', 'Two of mine')
  await change(page, 'Three', 'Three of mine')
  for (const { id, description } of await entries(bob)) {
    if (description !== 'Three') await bob.call('PATCH', `/time-entries/${id}`, { description: `${description} of theirs`, billable: true }, { 'If-Match': '*' })
  }
  await context.setOffline(false)
  const two = page.getByRole('dialog', { name: '2 changes could not be saved' })
  await expect(two).toBeVisible({ timeout: 20_000 })
  await expect(two.getByRole('row', { name: /Description/ })).toHaveText(/One of mine.*One of theirs/)
  await accessible(page, 'conflict')
  // It can be decided later, and is not forgotten.
  await two.getByRole('button', { name: 'Decide later' }).click()
  await page.reload()
  await page.getByRole('button', { name: '2 changes need you' }).click()
  await two.getByRole('button', { name: 'Keep mine' }).click()
  await expect(conflict(page).getByRole('row', { name: /Description/ })).toHaveText(/Two of mine.*Two of theirs/)
  await conflict(page).getByRole('button', { name: 'Take what is there' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect.poll(async () => (await entries(bob)).map(({ description }) => description)).toEqual(['Three of mine', 'Two of theirs', 'One of mine'])
  await expect(row(page, 'One of mine')).toBeVisible()
  await expect(row(page, 'Two of theirs')).toBeVisible()
  await expect(status(page)).toHaveText('')
})

test('time that is taken meanwhile is shown beside mine, and other times are found', async ({ page, context }) => {
  const bob = await opened(page)
  await context.setOffline(true)
  await addEntry(page, 'Mine', '09:00', '11:00')
  await addEntry(page, 'Not wanted', '13:00', '14:00')
  await bob.enter({ description: 'In the way', start: at('10:00', 1), end: at('12:00', 1) }, { description: 'Lunch', start: at('12:30', 1), end: at('13:30', 1) })
  await context.setOffline(false)
  const dialog = page.getByRole('dialog', { name: '2 changes could not be saved' })
  await expect(dialog).toContainText('This overlaps another entry', { timeout: 20_000 })
  await expect(dialog.getByRole('row', { name: /Description/ })).toHaveText(/Mine.*In the way/)
  // The latest end that fits is there already.
  await expect(dialog.getByLabel('End')).toHaveValue('10:00')
  await accessible(page, 'overlap')
  await dialog.getByLabel('End').fill('half')
  await dialog.getByRole('button', { name: 'Save with these times' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('End').fill('945')
  await dialog.getByRole('button', { name: 'Save with these times' }).click()
  await expect(conflict(page).getByRole('row', { name: /Description/ })).toHaveText(/Not wanted.*Lunch/)
  await conflict(page).getByRole('button', { name: 'Leave mine out' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect.poll(async () => (await entries(bob)).map(({ description }) => description)).toEqual(['Lunch', 'In the way', 'Mine'])
  expect(Date.parse((await entries(bob)).at(-1)?.end ?? '')).toBe(Date.parse(at('09:45', 1)))
  await expect(row(page, 'Not wanted')).toHaveCount(0)
})

test('what was deleted and is different now is asked for, and can be left', async ({ page, context }) => {
  const bob = await opened(page, { description: 'Kept', start: at('08:00', 1), end: at('09:00', 1) })
  await context.setOffline(true)
  await row(page, 'Kept').getByRole('button', { name: 'More: Kept' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(row(page, 'Kept')).toHaveCount(0)
  const [kept] = await entries(bob)
  await bob.call('PATCH', `/time-entries/${kept?.id}`, { description: 'Worth keeping' }, { 'If-Match': '*' })
  await context.setOffline(false)
  await expect(conflict(page)).toContainText('You deleted this entry', { timeout: 20_000 })
  await expect(conflict(page).getByRole('row', { name: /Description/ })).toHaveText(/Kept.*Worth keeping/)
  await conflict(page).getByRole('button', { name: 'Take what is there' }).click()
  await expect(row(page, 'Worth keeping')).toBeVisible()
  expect((await entries(bob)).map(({ description }) => description)).toEqual(['Worth keeping'])
})

test('a session that ended meanwhile is begun anew, and then all is sent', async ({ page, context }) => {
  const bob = await opened(page, { description: 'Long away', start: at('08:00', 1), end: at('09:00', 1) })
  await context.setOffline(true)
  await page.reload()
  await change(page, 'Long away', 'Long away, changed')
  await context.clearCookies()
  await context.setOffline(false)
  const dialog = page.getByRole('dialog', { name: 'Please log in again' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  expect((await entries(bob)).map(({ description }) => description)).toEqual(['Long away'])
  const popup = context.waitForEvent('page')
  await dialog.getByRole('button', { name: 'Log in again' }).click()
  await typeLogin(await popup, 'bob')
  await expect.poll(async () => (await entries(bob)).map(({ description }) => description), { timeout: 20_000 }).toEqual(['Long away, changed'])
  await expect(status(page)).toHaveText('')
})

test('a newer app says that it is there, and comes when one asks for it', async ({ page }) => {
  await opened(page)
  // An older one, by its address, has taken over.
  await page.evaluate(async () => {
    const changed = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done))
    const { installing } = await navigator.serviceWorker.register('/sw.js?older')
    installing?.addEventListener('statechange', () => installing.state === 'installed' && installing.postMessage({ type: 'SKIP_WAITING' }))
    await changed
  })
  await page.reload()
  const toast = page.getByTestId('toast').filter({ hasText: 'A newer TimeTracker is ready.' })
  await expect(toast).toBeVisible({ timeout: 20_000 })
  await box(page).fill('Being typed')
  await page.waitForTimeout(2000)
  await expect(box(page)).toHaveValue('Being typed')
  await Promise.all([page.waitForEvent('load'), toast.getByRole('button', { name: 'Reload' }).click()])
  // It is there in the newer one, too.
  await expect(box(page)).toHaveValue('Being typed')
  await expect(toast).toHaveCount(0)
  expect(await page.evaluate(async () => !!(await navigator.serviceWorker.getRegistration())?.waiting)).toBe(false)
})

test('two windows share what waits, and send it once', async ({ page, context }) => {
  const bob = await opened(page, { description: 'Shared', start: at('08:00', 1), end: at('09:00', 1) })
  const other = await context.newPage()
  await other.goto('/')
  await expect(row(other, 'Shared')).toBeVisible()
  await context.setOffline(true)
  await addEntry(page, 'From the first', '10:00', '11:00')
  await expect(row(other, 'From the first').getByTestId('waits')).toBeVisible()
  await expect(status(other)).toContainText('Offline – one change waits')
  await change(other, 'From the first', 'From both')
  await expect(row(page, 'From both')).toBeVisible()
  await expect(status(page)).toContainText('2 changes wait')
  // What somebody is typing there stays when the entry gets its own id.
  await row(other, 'From both').getByLabel('Description').fill('From both, and being typed')
  await context.setOffline(false)
  await expect.poll(async () => (await entries(bob)).map(({ description }) => description), { timeout: 20_000 }).toEqual(['From both', 'Shared'])
  await expect(status(other)).toHaveText('')
  await expect(row(other, 'From both').getByLabel('Description')).toHaveValue('From both, and being typed')
  await row(other, 'From both').getByLabel('Description').press('Enter')
  await expect(row(page, 'From both, and being typed')).toBeVisible()
  for (const one of [page, other]) await expect(one.getByTestId('entry')).toHaveCount(2)
  expect((await entries(bob)).map(({ version }) => version)).toEqual([3, 1])
})

test('whoever logs out leaves nothing behind, and what waits is sent at the next login', async ({ page, context }) => {
  const bob = await opened(page, { description: 'Private', start: at('08:00', 1), end: at('09:00', 1) })
  await context.setOffline(true)
  await change(page, 'Private', 'Private, changed')
  await page.getByRole('button', { name: 'Account: Bob' }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  const dialog = page.getByRole('dialog', { name: 'Some changes are not sent yet' })
  await accessible(page, 'leaving')
  await dialog.getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
  await context.setOffline(false)
  // Keycloak was not told, so it asks for the password.
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.locator('#password').fill('bob')
  await page.locator('#kc-login').click()
  await expect(row(page, 'Private, changed')).toBeVisible()
  await expect.poll(async () => (await entries(bob)).map(({ description }) => description)).toEqual(['Private, changed'])
})
