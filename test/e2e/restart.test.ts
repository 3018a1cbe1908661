import { chromium } from 'playwright-core'
import { BrokerProcess } from '../support/broker'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'
import { chromiumPath } from './page-host'

itNeeds(
  [chromiumPath ? {} : { missing: 'no chromium' }],
  'a page in a browser says that its broker stopped, and where it is when it started again',
  async () => {
    const { port, release } = await takePort()
    await release()
    const broker = await BrokerProcess.start({ ui: port })
    const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.goto(broker.ready.ui ?? '')
      await page.getByRole('button', { name: 'Play the demo' }).click()
      await page.getByRole('button', { name: 'Stop and clean up' }).waitFor()
      await broker.kill()
      await page.getByRole('heading', { name: 'Kafka is not running' }).waitFor()
      await page.getByText('No broker answers at this address').waitFor()
      await broker.startAgain()
      await page.getByText('Open the one that it printed').waitFor()
      await page.goto(broker.ready.ui ?? '')
      // What the crash left of the demo is offered to be removed.
      await page.getByText('The demo was cut short').waitFor()
      await page.getByRole('button', { name: 'Clean up' }).click()
      await page.getByText('what it made is removed').waitFor()
      await page.getByText('The demo was cut short').waitFor({ state: 'hidden' })
    } finally {
      await browser.close()
      await broker.dispose()
    }
  },
)
