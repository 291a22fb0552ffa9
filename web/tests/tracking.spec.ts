import { expect, test } from '@playwright/test'

test('a person logs in, tracks time, sees it in the report, and logs out', async ({ page }) => {
  const violations: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  const project = `Atlas ${Date.now()}`

  await page.goto('/')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page).toHaveURL(/\/auth\/realms\/timetracker\//)
  await page.getByLabel(/username/i).fill('alice')
  await page.getByLabel('Password', { exact: true }).fill('alice')
  await page.getByRole('button', { name: 'Sign In' }).click()
  await expect(page.getByTestId('who')).toContainText('Alice')

  // Whatever an earlier run left of these hours is in the way.
  const entries = page.getByTestId('entry')
  await expect(page.getByRole('heading', { name: 'Your entries' })).toBeVisible()
  await page.waitForLoadState('networkidle')
  for (let left = await entries.count(); left > 0; left--) {
    await entries.first().getByRole('button', { name: 'Delete' }).click()
    await expect(entries).toHaveCount(left - 1)
  }

  // Yesterday: what lies in the future is refused.
  const day = new Date(Date.now() - 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/Zurich' })
  await page.getByLabel('What did you do?').fill('Plan the week')
  await page.getByLabel('Project').first().fill(project)
  await page.getByLabel('Start').fill(`${day}T00:10`)
  await page.getByLabel(/^End/).fill(`${day}T00:55`)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(entries).toHaveCount(1)
  await expect(entries.first()).toContainText('Plan the week')
  await expect(entries.first()).toContainText('0:45')

  const report = page.getByTestId('report')
  await page.getByLabel('By project').check()
  await expect(report).toContainText(project, { timeout: 10_000 })
  await expect(report).toContainText('0:45')
  await page.screenshot({ path: 'test-results/tracking.png', fullPage: true })

  // The same hour again is refused, in words.
  await page.getByLabel('Start').fill(`${day}T00:20`)
  await page.getByLabel(/^End/).fill(`${day}T00:30`)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toContainText('overlaps another entry')

  await page.getByRole('combobox', { name: 'Language' }).selectOption('fr')
  await expect(page.getByRole('heading', { name: 'Vos saisies' })).toBeVisible()

  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await expect(page.getByRole('button', { name: /Log in|Se connecter/ })).toBeVisible()
  expect(violations).toEqual([])
})

test('nobody sees anything without a login', async ({ page, request }) => {
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible()
  const answer = await request.get('/api/v1/time-entries')
  expect(answer.status()).toBe(401)
  expect(answer.headers()['content-type']).toBe('application/problem+json')
})
