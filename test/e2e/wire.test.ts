import { Kafka, logLevel, type Producer } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const needs = chromiumPath ? {} : { missing: 'no chromium' }

describe('the wire', () => {
  let broker: BrokerProcess
  let browser: Browser
  let page: Page
  let producer: Producer
  let stop: () => Promise<void>
  const rows = () => page.getByRole('grid', { name: 'Requests and responses' }).locator('[role=rowgroup] [role=row]')

  beforeAll(async () => {
    if (!chromiumPath) return
    broker = await BrokerProcess.start({ ui: true })
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(broker.ready.ui ?? '')
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, clientId: 'shop' })
    producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic: 'orders', messages: [{ value: 'first' }] })
    const consumer = kafka.consumer({ groupId: 'app', heartbeatInterval: 200, maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic: 'orders' })
    await consumer.run({ eachMessage: async () => {} })
    stop = () => consumer.disconnect()
  }, 60_000)
  afterAll(async () => {
    await stop?.()
    await producer?.disconnect()
    await browser?.close()
    await broker?.dispose()
  })

  itNeeds([needs], 'noise is left out by a click, and rows hold still while one is open', async () => {
    await visit(page, 'wire')
    await rows().filter({ hasText: 'Heartbeat' }).first().waitFor()
    await page.getByRole('checkbox', { name: 'no noise' }).check()
    await expect
      .poll(() =>
        rows()
          .filter({ hasText: /Heartbeat|Fetch v/ })
          .count(),
      )
      .toBe(0)
    await producer.send({ topic: 'orders', messages: [{ value: 'seen' }] })
    await rows().filter({ hasText: 'Produce' }).first().waitFor()
    await rows().filter({ hasText: 'Produce' }).first().click()
    await page.getByRole('complementary', { name: /Produce/ }).waitFor()
    const before = await rows().first().textContent()
    await producer.send({ topic: 'orders', messages: [{ value: 'later' }] })
    const show = page.getByRole('button', { name: /^▲ \d+ new requests?: show/ })
    await show.waitFor()
    expect(await rows().first().textContent()).toBe(before)
    await show.click()
    await expect.poll(() => rows().first().textContent()).not.toBe(before)
    expect(await page.evaluate(() => location.hash)).toBe('#/wire?quiet=')
    await page.keyboard.press('Escape')
  })

  itNeeds(
    [needs],
    'records are messages, a field marks its bytes and a byte its field, and errors have names',
    async () => {
      await rows().filter({ hasText: 'Produce' }).first().click()
      const pane = page.getByRole('complementary', { name: /Produce/ })
      await pane.getByRole('table', { name: '1 record' }).getByText('later').waitFor()
      await pane.getByText('0 NONE').waitFor()
      const fields = pane.getByRole('listbox', { name: 'Fields' }).first()
      const bytes = pane.getByRole('img', { name: 'Bytes' }).first()
      await fields.getByText('acks').click()
      await expect.poll(() => bytes.locator('[data-marked]').count()).toBe(2)
      await fields.focus()
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => bytes.locator('[data-marked]').count()).toBe(4)
      await bytes.locator('span').nth(1).click()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Escape')
    },
  )

  itNeeds([needs], 'words are excluded from a row, and what was captured is there after another page', async () => {
    await page.getByRole('checkbox', { name: 'no noise' }).uncheck()
    await rows().filter({ hasText: 'Heartbeat' }).first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Without Heartbeat' }).click()
    expect(await page.getByLabel('Find a request').inputValue()).toBe('-api:Heartbeat')
    await expect.poll(() => rows().filter({ hasText: 'Heartbeat' }).count()).toBe(0)
    await page.getByLabel('Find a request').fill('api:Produce topic:orders')
    await expect.poll(() => rows().count()).toBeGreaterThan(1)
    const link = await page.evaluate(() => location.hash.slice(2))
    await visit(page, 'home')
    await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    await visit(page, link)
    await expect.poll(() => rows().filter({ hasText: 'Produce' }).count()).toBeGreaterThan(1)
  })
})
