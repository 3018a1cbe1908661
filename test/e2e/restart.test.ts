import { chromium } from 'playwright-core'
import { expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'
import { chromiumPath } from './page-host'

itNeeds(
  [chromiumPath ? {} : { missing: 'no chromium' }],
  'a page in a browser says that its broker stopped, how to start it again, and asks for a token that it does not have',
  async () => {
    const { port, release } = await takePort()
    await release()
    const broker = await BrokerProcess.start({ ui: port })
    const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.goto(broker.ready.ui ?? '')
      await page.getByRole('button', { name: 'Start the demo' }).click()
      await page.getByRole('button', { name: 'Stop the demo' }).waitFor()
      await broker.kill()
      await page.getByRole('heading', { name: 'Kafka is not running' }).waitFor()
      await page.getByText('No broker answers at this address').waitFor()
      await page.getByText(/^ottla serve --file \S+/).waitFor()
      await broker.startAgain()
      // The token belongs to the workspace: the tab connects by itself.
      await page.getByText('The demo did not stop cleanly').waitFor()
      const ready = new URL(broker.ready.ui ?? '')
      // A page that the broker serves and that has no valid token asks for it: it does not say that Kafka is not running.
      await page.evaluate(() => localStorage.clear())
      await page.goto(ready.origin)
      await page.getByRole('heading', { name: 'This page needs an access token' }).waitFor()
      await page.getByLabel('Address or token').fill('wrong')
      await page.getByRole('button', { name: 'Open' }).click()
      await page.getByRole('heading', { name: 'The access token is not valid' }).waitFor()
      expect(await page.getByText('not running').count()).toBe(0)
      await page.getByLabel('Address or token').fill(String(ready))
      await page.getByRole('button', { name: 'Open' }).click()
      // What the crash left of the demo can be deleted.
      await page.getByText('The demo did not stop cleanly').waitFor()
      await page.getByRole('button', { name: 'Delete demo data' }).click()
      await page.getByText('Its topics, groups and offsets are deleted').waitFor()
      await page.getByText('The demo did not stop cleanly').waitFor({ state: 'hidden' })
    } finally {
      await browser.close()
      await broker.dispose()
    }
  },
)
