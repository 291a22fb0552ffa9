// The app as it is served, and what is around every page.
import { accessible, at, expect, login, test, typeLogin } from './support'

test('nobody sees anything without a login', async ({ page, request }) => {
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
  await accessible(page, 'welcome')
  const answer = await request.get('/api/v1/time-entries')
  expect(answer.status()).toBe(401)
  expect(answer.headers()['content-type']).toBe('application/problem+json')
})

test('files are packed, kept by their names, and under a policy that allows nothing foreign', async ({ request }) => {
  const page = await request.get('/projects?any', { headers: { 'Accept-Encoding': 'identity' } })
  expect(page.headers()['cache-control']).toBe('no-cache')
  const policy = page.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe|http|\*/)
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? ''
  const tags = new Set<string>()
  for (const encoding of ['br', 'gzip', 'identity']) {
    const answer = await request.get(script, { headers: { 'Accept-Encoding': encoding } })
    const headers = answer.headers()
    expect(headers['content-encoding']).toBe(encoding === 'identity' ? undefined : encoding)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['vary']).toContain('Accept-Encoding')
    tags.add(headers['etag'] ?? '')
    const again = await request.get(script, { headers: { 'Accept-Encoding': encoding, 'If-None-Match': headers['etag'] ?? '' } })
    expect(again.status()).toBe(304)
  }
  expect(tags.size).toBe(3)
  expect((await request.get('/assets/none-1.js')).status()).toBe(404)
})

test('a page that was asked for is there after the login, and after a reload without another', async ({ page }) => {
  await login(page, 'alice', '/no-such-page?x=1')
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  await expect(page).toHaveURL(/\/no-such-page\?x=1$/)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  await page.getByRole('button', { name: 'Account: Alice' }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
})

test('languages and themes are chosen in the menu and stay', async ({ page }) => {
  await login(page, 'alice')
  const account = page.locator('aside').getByRole('button')
  for (const [language, logout] of [['Français', 'Se déconnecter'], ['Deutsch', 'Abmelden'], ['English', 'Log out']] as const) {
    await account.click()
    await page.getByRole('menuitemradio', { name: language }).click()
    await account.click()
    await expect(page.getByRole('menuitem', { name: logout })).toBeVisible()
    await page.keyboard.press('Escape')
  }
  await account.click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
})

test('commands are found by name, and shortcuts have a help', async ({ page }) => {
  await login(page, 'alice')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'What would you like to do?' }).fill('shortc')
  await accessible(page, 'palette')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await accessible(page, 'help')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})

test('a session that ended is begun anew in a second window, and what was typed is saved then', async ({ page, context, request }) => {
  const answered = page.waitForResponse((response) => response.url().endsWith('/openid-connect/token'))
  const bob = await login(page, 'bob')
  await bob.clear()
  const { refresh_token, expires_in } = (await (await answered).json()) as { refresh_token: string; expires_in: number }
  const box = page.getByRole('combobox', { name: 'What are you working on?' })
  await box.fill('Half a thought')
  // Keycloak ends it, and does not tell the page.
  const ended = await request.post('/auth/realms/timetracker/protocol/openid-connect/logout', { form: { client_id: 'timetracker-web', refresh_token } })
  expect(ended.status()).toBe(204)
  await page.clock.install()
  await page.clock.fastForward((expires_in - 10) * 1000)
  await box.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Please log in again' })
  await expect(dialog).toBeVisible()
  await accessible(page, 'session ended')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  const opened = context.waitForEvent('page')
  await dialog.getByRole('button', { name: 'Log in again' }).click()
  const popup = await opened
  const closed = popup.waitForEvent('close')
  await typeLogin(popup, 'bob')
  await closed
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('combobox', { name: 'What is running' })).toHaveValue('Half a thought')
  await expect.poll(async () => (await bob.call<{ entry: { description: string } | null }>('GET', '/timer')).entry?.description).toBe('Half a thought')
  await bob.call('POST', '/timer/discard')
})

test('a refresh whose answer is lost on the way ends nobody\'s session, in no window', async ({ page, context }) => {
  const answered = page.waitForResponse((response) => response.url().endsWith('/openid-connect/token'))
  const bob = await login(page, 'bob')
  await bob.clear()
  const { expires_in } = (await (await answered).json()) as { expires_in: number }
  const other = await context.newPage()
  await other.goto('/')
  await expect(other.getByRole('combobox', { name: 'What are you working on?' })).toBeVisible()
  const box = page.getByRole('combobox', { name: 'What are you working on?' })
  await box.fill('Half a thought')
  // Keycloak answers the first, and nobody hears it: the next is one too many for it.
  const statuses: number[] = []
  await page.route('**/openid-connect/token', async (route) => {
    const answer = await route.fetch()
    statuses.push(answer.status())
    if (statuses.length === 1) await route.abort('connectionreset')
    else await route.fulfill({ response: answer })
  })
  await page.clock.install()
  await page.clock.fastForward((expires_in - 10) * 1000)
  await box.press('Enter')
  await expect.poll(() => statuses[0]).toBe(200)
  const running = page.getByRole('combobox', { name: 'What is running' })
  await expect(running).toHaveValue('Half a thought')
  await running.fill('A whole thought')
  // Tried again and again, should Keycloak be slow.
  await expect
    .poll(async () => {
      await page.clock.fastForward(15_000)
      return statuses.includes(400) && statuses.at(-1) === 200
    })
    .toBe(true)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(running).toHaveValue('A whole thought')
  await running.press('Enter')
  await expect.poll(async () => (await bob.call<{ entry: { description: string } | null }>('GET', '/timer')).entry?.description).toBe('A whole thought')
  await other.clock.install()
  await other.clock.fastForward((expires_in - 10) * 1000)
  await other.getByRole('combobox', { name: 'What is running' }).fill('My thought')
  await other.getByRole('combobox', { name: 'What is running' }).press('Enter')
  await expect.poll(async () => (await bob.call<{ entry: { description: string } | null }>('GET', '/timer')).entry?.description).toBe('My thought')
  await expect(other.getByRole('dialog')).toHaveCount(0)
  await bob.call('POST', '/timer/discard')
})

test('a start shows what was known, until Keycloak says that nobody is logged in; what was typed meanwhile is kept', async ({ page, context }) => {
  const bob = await login(page, 'bob')
  await bob.clear()
  await bob.enter({ description: 'Known', start: at('08:00', 1), end: at('09:00', 1) })
  await page.reload()
  const known = page.getByRole('group', { name: 'Known', exact: true })
  await expect(known).toBeVisible()
  // It is kept some time after it was read.
  await page.waitForTimeout(1500)
  let asked: (answer: () => Promise<void>) => void = () => {}
  await page.route('**/openid-connect/auth?*', (route) => asked(() => route.continue()))
  const reload = async () => {
    const answer = new Promise<() => Promise<void>>((resolve) => (asked = resolve))
    await page.reload()
    await expect(known).toBeVisible()
    return answer
  }
  await context.clearCookies()

  let answer = await reload()
  const box = page.getByRole('combobox', { name: 'What are you working on?' })
  await box.fill('Half a thought')
  await box.press('End')
  await answer()
  await expect(page.getByRole('dialog', { name: 'Please log in again' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'What are you working on?', includeHidden: true })).toHaveValue('Half a thought')

  answer = await reload()
  await answer()
  await expect(page.getByRole('button', { name: 'Log in', exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Log in', exact: true })).toBeVisible()
  await expect(known).toHaveCount(0)
})

test('who logs out in one window is logged out in the others', async ({ page, context }) => {
  await login(page, 'alice')
  const other = await context.newPage()
  await other.goto('/')
  await other.getByRole('button', { name: 'Log in' }).click({ timeout: 3000 }).catch(() => undefined)
  await expect(other.getByTestId('who')).toContainText('Alice')
  await other.locator('aside').getByRole('button').click()
  await other.getByRole('menuitem', { name: 'Log out' }).click()
  await expect(page.getByRole('dialog', { name: 'Please log in again' })).toBeVisible()
})

for (const [language, more, names] of [
  ['en-GB', 'More', ['Projects', 'Operations']],
  ['fr-CH', 'Plus', ['Projets', 'Exploitation']],
  ['de-CH', 'Mehr', ['Projekte', 'Betrieb']],
] as const) {
  test.describe(language, () => {
    test.use({ locale: language, viewport: { width: 360, height: 740 } })

    test('a telephone has four pages below, the others and the account under More, and no name is cut', async ({ page }) => {
      await login(page, 'ada')
      const bar = page.getByRole('navigation').last()
      await expect(bar.getByRole('link')).toHaveCount(4)
      await page.evaluate(() => document.fonts.ready)
      const labels = bar.locator('span')
      await expect(labels).toHaveCount(5)
      expect(await labels.evaluateAll((all) => all.filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent))).toEqual([])
      const button = bar.getByRole('button', { name: more })
      await button.focus()
      await page.keyboard.press('Enter')
      for (const name of names) await expect(page.getByRole('menuitem', { name })).toBeInViewport({ ratio: 1 })
      await accessible(page, 'more')
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL(/\/projects$/)
      await expect(page.getByRole('menu')).toHaveCount(0)
      await button.click()
      await expect(page.getByRole('menuitem', { name: names[0] })).toHaveAttribute('aria-current', 'page')
      await page.screenshot({ path: `test-results/pages/more-${language}.png` })
      await page.keyboard.press('Escape')
      await expect(button).toBeFocused()
    })
  })
}
