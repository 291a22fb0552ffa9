// Keycloak's pages in our looks (keycloak/themes), in the language of the app.
import type { Page } from '@playwright/test'
import { accessible, expect, test } from './support'

const FOLDER = process.env.TIMETRACKER_SCREENSHOTS ?? 'test-results/pages'

/** Our theme is there: its font is loaded, its logo is shown, and nothing is wider than the page. */
async function looksLikeUs(page: Page) {
  await expect(page.locator('body')).toHaveCSS('font-family', /^"Inter Variable"/)
  await page.evaluate(() => document.fonts.ready)
  expect(await page.evaluate(() => [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family.replaceAll('"', '')))).toContain('Inter Variable')
  const logo = await page.locator('#kc-header-wrapper').evaluate((brand) => /url\("(.+)"\)/.exec(getComputedStyle(brand, '::before').backgroundImage)?.[1])
  expect((await page.request.get(logo ?? '')).headers()['content-type']).toContain('image/svg+xml')
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
}

for (const [locale, width, enter, refused] of [
  ['en-GB', 1440, 'Log in', 'Invalid username or password.'],
  ['fr-CH', 390, 'Se connecter', "Nom d'utilisateur ou mot de passe invalide."],
  ['de-CH', 360, 'Anmelden', 'Ungültiger Benutzername oder Passwort.'],
] as const) {
  test.describe(locale, () => {
    test.use({ locale, viewport: { width, height: 844 } })

    test('the login looks like the app, speaks its language, and says when the password is wrong', async ({ page }) => {
      await page.goto('/')
      await page.getByRole('button', { name: enter }).click()
      await expect(page.getByRole('heading', { name: enter })).toBeVisible()
      await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2))
      await looksLikeUs(page)
      await accessible(page, 'login')
      for (const theme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: theme })
        await expect(page.locator('body')).toHaveCSS('background-color', theme === 'dark' ? 'rgb(19, 23, 25)' : 'rgb(247, 247, 244)')
        await page.screenshot({ path: `${FOLDER}/login-${theme}-${width}.png` })
      }
      await page.locator('#username').fill('nobody')
      await page.locator('#password').fill('wrong')
      await page.locator('#password').press('Enter')
      await expect(page.getByText(refused)).toBeVisible()
      await accessible(page, 'login refused')
      for (const theme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: theme })
        await page.screenshot({ path: `${FOLDER}/login-refused-${theme}-${width}.png` })
      }
    })
  })
}

test('what else Keycloak asks or says looks like the app', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  // The question before a logout that no application asked for.
  await page.goto('/auth/realms/timetracker/protocol/openid-connect/logout')
  await expect(page.locator('#kc-logout')).toBeVisible()
  await looksLikeUs(page)
  await accessible(page, 'logout')
  await page.screenshot({ path: `${FOLDER}/logout-390.png` })
  await page.goto('/auth/realms/timetracker/protocol/openid-connect/auth?client_id=nobody')
  await expect(page.locator('#kc-error-message')).toBeVisible()
  await looksLikeUs(page)
  await accessible(page, 'error')
})
