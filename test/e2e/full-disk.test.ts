import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const prlimit = '/usr/bin/prlimit'

itNeeds(
  [chromiumPath ? {} : { missing: 'no chromium' }, existsSync(prlimit) ? {} : { missing: 'no prlimit' }],
  'while the workspace cannot be written Home tells why and what to do, and every page has a link to it',
  async () => {
    const broker = await BrokerProcess.start({ ui: true })
    const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      // No file of the process may grow: what is written fails, as on a full disk.
      const limit = (bytes: string) =>
        execFileSync(prlimit, ['--pid', String(broker.ready.pid), `--fsize=${bytes}:unlimited`])
      await page.goto(broker.ready.ui ?? '')
      await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
      const notice = page.getByRole('alert').filter({ hasText: 'Messages cannot be stored' })
      expect(await notice.count()).toBe(0)
      limit('0')
      await visit(page, 'topics')
      await page.getByRole('button', { name: 'Create topic' }).first().click()
      await page.getByLabel('Name').fill('orders')
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      await page.getByText('Nothing was changed, because the workspace cannot be written').waitFor()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('contentinfo').getByRole('link', { name: 'Messages cannot be stored' }).click()
      await notice.waitFor()
      expect(await notice.textContent()).toContain(`the broker cannot write to ${broker.file}`)
      expect(await accessibilityProblems(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await accessibilityProblems(page)).toEqual([])
      // The first thing on the page.
      expect(await page.getByRole('main').locator('h1, h2').first().textContent()).toContain('cannot be stored')
      limit('unlimited')
      await notice.waitFor({ state: 'detached' })
      expect(await page.getByText('Messages cannot be stored').count()).toBe(0)
    } finally {
      await browser.close()
      await broker.dispose()
    }
  },
)
