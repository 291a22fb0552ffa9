// Makes the icons that an installed app needs of public/icon.svg: `npm run icons`, with Chromium in TIMETRACKER_TEST_CHROMIUM.
import { readFile } from 'node:fs/promises'
import { chromium } from '@playwright/test'

const folder = new URL('../public/', import.meta.url).pathname
const svg = await readFile(`${folder}icon.svg`, 'utf8')
/** Systems cut a maskable icon to a form of theirs: the ground goes to the edge, the hands stay within the middle. */
const maskable = svg.replace('<circle cx="16" cy="16" r="14" fill="#0d6661"/>', '<rect width="32" height="32" fill="#0d6661"/>')

const browser = await chromium.launch({ executablePath: process.env['TIMETRACKER_TEST_CHROMIUM'], args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage()
for (const [name, size, drawing] of [
  ['icon-192', 192, svg],
  ['icon-512', 512, svg],
  ['icon-maskable-512', 512, maskable],
  ['apple-touch-icon', 180, maskable],
] as const) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${drawing}`)
  await page.screenshot({ path: `${folder}${name}.png`, omitBackground: true })
}
await browser.close()
