import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { chromiumPath } from './page-host'

const root = resolve(__dirname, '../..')

itNeeds(
  [chromiumPath ? {} : { missing: 'no chromium' }],
  '`npm run dev` shows the pages of a running broker from their sources',
  async () => {
    const broker = await BrokerProcess.start({ ui: true, memory: true })
    const dev = spawn(process.execPath, ['scripts/dev.js', broker.ready.ui ?? ''], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(dev, 'exit')
    const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      await page.goto(await addressOf(createInterface(dev.stdout)))
      // What the broker says, through the proxy.
      await page.getByText(`localhost:${broker.port}`).first().waitFor()
      expect(await page.evaluate(() => document.querySelector('script[src="/@vite/client"]') !== null)).toBe(true)
      expect(faults).toEqual([])
    } finally {
      dev.kill('SIGTERM')
      await exit
      await browser.close()
      await broker.dispose()
    }
    expect(dev.exitCode).toBe(0)
  },
)

/** The address that it prints for the pages. */
async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const address = /^Pages +(http\S+)$/.exec(line)?.[1]
    if (address) return address
  }
  throw new Error('it ended without an address')
}
