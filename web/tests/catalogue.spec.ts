// Projects, clients, tasks and tags.
import { accessible, expect, login, test } from './support'

test('clients, projects, tasks and tags are made, found, changed, archived and deleted', async ({ page }) => {
  const id = Date.now().toString(36)
  const mona = await login(page, 'mona')
  // More than a screen of them: what is not seen is looked at too.
  for (let n = 0; n < 30; n++) await mona.call('POST', '/tags', { name: `area ${n} ${id}` })
  await page.getByRole('link', { name: 'Projects' }).first().click()
  await expect(page).toHaveURL(/\/projects$/)
  const tabs = page.getByRole('navigation', { name: 'Projects and names' })
  const make = async (kind: string, button: string, name: string, parent?: [string, string]) => {
    await tabs.getByRole('link', { name: kind }).click()
    await page.getByRole('button', { name: button }).first().click()
    const dialog = page.getByRole('dialog', { name: button })
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    if (parent) await dialog.getByLabel(parent[0]).selectOption(parent[1])
    await dialog.getByRole('radio').nth(4).check({ force: true })
    await accessible(page, button)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toHaveCount(0)
  }
  const item = (name: string) => page.getByTestId('item').filter({ hasText: name })
  await make('Clients', 'New client', `Nestor ${id}`)
  await make('Projects', 'New project', `Bridge ${id}`, ['Client', `Nestor ${id}`])
  await make('Tasks', 'New task', `Drawings ${id}`, ['Project', `Bridge ${id}`])
  await expect(item(`Drawings ${id}`)).toContainText(`Bridge ${id}`)
  await make('Tags', 'New tag', `urgent ${id}`)
  await accessible(page, 'tags')

  await tabs.getByRole('link', { name: 'Projects' }).click()
  await page.getByLabel('Find projects').fill(`nestor ${id}`)
  await expect(page.getByTestId('item')).toHaveCount(1)
  await item(`Bridge ${id}`).getByRole('button', { name: `Bridge ${id}`, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit project' })
  await dialog.getByLabel('Name', { exact: true }).fill(`Viaduct ${id}`)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(item(`Viaduct ${id}`)).toBeVisible()

  const menu = async (name: string, entry: string) => {
    await page.getByRole('button', { name: `More: ${name}` }).click()
    await page.getByRole('menuitem', { name: entry }).click()
  }
  await menu(`Viaduct ${id}`, 'Delete')
  await expect(page.getByTestId('toast').filter({ hasText: 'It is in use' })).toBeVisible()
  await menu(`Viaduct ${id}`, 'Archive')
  await expect(item(`Viaduct ${id}`)).toHaveCount(0)
  await page.getByLabel(/^Archived/).check()
  await expect(item(`Viaduct ${id}`)).toBeVisible()
  await menu(`Viaduct ${id}`, 'Bring back')
  await page.getByLabel(/^Archived/).click()
  await expect(item(`Viaduct ${id}`)).toBeVisible()

  // A name that is taken is said where it was typed.
  await page.getByRole('button', { name: 'New project' }).first().click()
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(`viaduct ${id}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toContainText('The name is taken')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Discard it' }).click()
  await tabs.getByRole('link', { name: 'Tags' }).click()
  await menu(`urgent ${id}`, 'Delete')
  await expect(item(`urgent ${id}`)).toHaveCount(0)
})

test('what somebody else made is to read', async ({ page }) => {
  const name = `Foreign ${Date.now().toString(36)}`
  const bob = await login(page, 'bob', '/tags')
  await bob.call('POST', '/tags', { name: `${name} own` })
  await page.getByRole('button', { name: 'Account' }).first().click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await login(page, 'alice', '/tags')
  await page.getByLabel('Find tags').fill(name)
  await expect(page.getByTestId('item')).toContainText('shared')
  await expect(page.getByTestId('item').getByRole('button')).toHaveCount(0)
  await page.getByLabel('Find tags').fill('nothing is called so')
  await expect(page.getByRole('heading', { name: 'Nothing is called that' })).toBeVisible()
  await accessible(page, 'nothing found')
})
