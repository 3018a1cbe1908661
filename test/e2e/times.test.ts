import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { chromiumPath, visit } from './page-host'

const needs = chromiumPath ? {} : { missing: 'no chromium' }
/** The clocks of Berlin go back on 25 October 2026 at 01:00 UTC, and forward on 29 March 2026 at 01:00 UTC. */
const zone = 'Europe/Berlin'

/** Times around midnight and where the clocks change, in a browser with a clock and a zone of its own. */
describe('times of a page', () => {
  let broker: BrokerProcess
  let browser: Browser
  let page: Page
  const midnight = Date.UTC(2026, 9, 23, 22)

  beforeAll(async () => {
    if (needs.missing) return
    broker = await BrokerProcess.start({ ui: true })
    const producer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    const send = (topic: string, times: readonly number[]) =>
      producer.send({ topic, messages: times.map((at, i) => ({ value: `m${i}`, timestamp: String(at) })) })
    await send('evening', [midnight - 602_000, midnight - 600_000])
    await send('autumn', [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30), Date.UTC(2026, 9, 25, 2, 30)])
    await producer.disconnect()
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, timezoneId: zone })
    await page.clock.install({ time: midnight - 300_000 })
    await page.goto(broker.ready.ui ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await broker?.dispose()
  })

  const cell = (text: string) => page.getByRole('gridcell', { name: text, exact: true })

  itNeeds([needs], 'rows get their date when midnight passes', async () => {
    await visit(page, 'topics/evening')
    await cell('23:50:00.000').waitFor()
    await page.clock.fastForward(310_000)
    await cell('2026-10-23 23:50:00.000').waitFor()
    const time = await page.getByRole('columnheader', { name: 'Timestamp' }).boundingBox()
    expect(time?.width).toBeGreaterThan(160)
  })

  itNeeds([needs], 'rows of the hour that comes twice say which one', async () => {
    await visit(page, 'topics/autumn')
    await cell('2026-10-25 02:30:00.000 +02:00').waitFor()
    await cell('2026-10-25 02:30:00.000 +01:00').waitFor()
    await cell('2026-10-25 03:30:00.000').waitFor()
  })

  itNeeds([needs], 'a time field says that the clocks skip a time, or that it comes twice', async () => {
    await page.getByLabel('Start from').selectOption('time')
    const from = page.getByLabel('From time')
    await from.fill('2026-03-29 02:30')
    await page.getByText('This time does not exist in Europe/Berlin').waitFor()
    await expect.poll(() => from.getAttribute('aria-invalid')).toBe('true')
    await from.fill('2026-10-25 02:30')
    await page.getByText('This is the first (+02:00); add +01:00 for the second.').waitFor()
    await cell('2026-10-25 02:30:00.000 +02:00').waitFor()
    await from.fill('2026-10-25 02:30 +01:00')
    await cell('2026-10-25 02:30:00.000 +02:00').waitFor({ state: 'detached' })
    await cell('2026-10-25 02:30:00.000 +01:00').waitFor()
    await from.blur()
    await expect.poll(() => from.inputValue()).toBe('2026-10-25 02:30:00.000 +01:00')
  })
})
