import { expect, test } from '@playwright/test'
import { typeLogin } from './support'

test('the documentation works offline, logs in at Keycloak and calls the API as that person', async ({ page, baseURL }) => {
  const wrong: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) wrong.push(message.text())
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin) wrong.push(request.url())
  })

  await page.goto('/docs')
  await page.getByRole('button', { name: 'Authorize' }).first().click()
  const dialog = page.locator('.dialog-ux')
  await expect(dialog.getByRole('heading', { name: 'authorizationCode with PKCE' })).toBeVisible()
  await expect(dialog.getByText('client_secret')).toBeHidden()
  await expect(dialog.getByLabel('client_id:')).toHaveValue('timetracker-web')
  const opened = page.context().waitForEvent('page')
  await dialog.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click()
  const login = await opened
  const closed = login.waitForEvent('close')
  await typeLogin(login, 'bob')
  await closed
  await expect(dialog.getByRole('button', { name: 'Remove authorization' })).toBeVisible()
  await expect(dialog.getByText('client_secret')).toBeHidden()
  await dialog.getByRole('button', { name: 'Close' }).first().click()

  const operation = page.locator('.opblock-get').filter({ has: page.locator('[data-path="/api/v1/me"]') })
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Try it out' }).click()
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/v1/me')
  await operation.getByRole('button', { name: 'Execute' }).click()
  const answer = await answered
  expect(await answer.request().headerValue('authorization')).toMatch(/^Bearer ey/)
  expect(answer.status()).toBe(200)
  await expect(operation.locator('.live-responses-table tbody .response-col_status')).toHaveText('200')
  await page.screenshot({ path: 'test-results/docs.png', fullPage: true })
  expect(wrong).toEqual([])
})
