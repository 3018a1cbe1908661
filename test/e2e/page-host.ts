import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { BrokerProcess } from '../support/broker'
import { Desktop, needsElectron } from '../support/electron'
import type { Requirement } from '../support/require'

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/** Where the pages are: a browser that `ottla serve` answers, or the window of the desktop app. Each has a broker of its own. */
export interface PageHost {
  readonly page: Page
  /** `127.0.0.1:PORT`, for Kafka clients. */
  readonly address: string
  /** What the page complained about on its console. */
  readonly complaints: string[]
  /** The text of the file that a deed downloads. */
  downloaded(deed: () => Promise<unknown>): Promise<string>
  close(): Promise<void>
}

export interface PageHostKind {
  readonly name: string
  readonly needs: Requirement
  open(): Promise<PageHost>
}

export const pageHosts: readonly PageHostKind[] = [
  {
    name: 'in a browser',
    needs: chromiumPath ? {} : { missing: 'no chromium' },
    async open() {
      const broker = await BrokerProcess.start({ ui: true })
      const browser: Browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      const complaints = listen(page)
      await page.goto(broker.ready.ui ?? '')
      return {
        page,
        address: broker.address,
        complaints,
        async downloaded(deed) {
          const [download] = await Promise.all([page.waitForEvent('download'), deed()])
          return readFileSync(await download.path(), 'utf8')
        },
        async close() {
          await browser.close()
          await broker.dispose()
        },
      }
    },
  },
  {
    name: 'in the desktop app',
    needs: needsElectron(),
    async open() {
      const desktop = new Desktop()
      const page = await desktop.open()
      const complaints = listen(page)
      const shown = await page
        .getByText(/^localhost:\d+$/)
        .first()
        .textContent()
      return {
        page,
        address: (shown ?? '').replace('localhost', '127.0.0.1'),
        complaints,
        async downloaded(deed) {
          const path = join(desktop.folder, 'download')
          const saved = desktop.app.evaluate(
            ({ session }, to) =>
              new Promise<string>((resolve) => {
                session.defaultSession.once('will-download', (_, item) => {
                  item.setSavePath(to)
                  item.once('done', (__, state) => resolve(state))
                })
              }),
            path,
          )
          await deed()
          const state = await saved
          if (state !== 'completed') throw new Error(`the download is ${state}`)
          return readFileSync(path, 'utf8')
        },
        close: () => desktop.dispose(),
      }
    },
  },
]

function listen(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return complaints
}

export async function visit(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/${place}`)
}
