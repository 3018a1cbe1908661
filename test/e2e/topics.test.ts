import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

/** Nothing is cleaned while the test counts. */
const compacted = [
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'min.compaction.lag.ms', value: '3600000' },
]

const needs = chromiumPath ? {} : { missing: 'no chromium' }

describe('topics', () => {
  let broker: BrokerProcess
  let browser: Browser
  let page: Page
  let asked: TestPage
  let kafka: Kafka

  beforeAll(async () => {
    if (!chromiumPath) return
    broker = await BrokerProcess.start({ ui: true })
    asked = await TestPage.open(broker)
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(broker.ready.ui ?? '')
    kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({
      topics: [
        ...['shop.orders', 'shop.bills', 'mails'].map((topic) => ({ topic, numPartitions: 2 })),
        { topic: 'prices', numPartitions: 2, configEntries: compacted },
      ],
    })
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    for (let n = 0; n < 20; n++) {
      const messages = Array.from({ length: 100 }, (_, i) => {
        const key = `item-${(n * 31 + i) % 150}`
        return { key, value: (n + i) % 13 === 0 ? null : String(n * 100 + i) }
      })
      await producer.send({ topic: 'prices', messages })
    }
    await producer.disconnect()
  })
  afterAll(async () => {
    asked?.close()
    await browser?.close()
    await broker?.dispose()
  })

  itNeeds([needs], 'favourites come first, and names that begin alike fold into a tree', async () => {
    await visit(page, 'topics')
    const grid = page.getByRole('grid', { name: 'Topics' })
    const names = () =>
      grid.locator('[role=rowgroup] [role=row]').evaluateAll((rows) => rows.map((row) => row.textContent ?? ''))
    await expect
      .poll(async () => (await names()).map((text) => text.slice(0, 5)))
      .toEqual(['mails', 'price', 'shop.', 'shop.'])
    await page.getByRole('button', { name: 'Make shop.bills a favourite' }).click()
    await expect.poll(async () => (await names())[0]?.startsWith('shop.bills')).toBe(true)
    await page.getByRole('checkbox', { name: 'tree' }).check()
    await expect.poll(async () => (await names()).length).toBe(3)
    expect(await accessibilityProblems(page)).toEqual([])
    await grid.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'shop.orders' }).waitFor()
    await page.getByRole('checkbox', { name: 'tree' }).uncheck()
  })

  itNeeds([needs], 'the latest value of each key is what a client keeps in its table', async () => {
    const consumer = kafka.consumer({ groupId: 'table' })
    await consumer.connect()
    await consumer.subscribe({ topic: 'prices', fromBeginning: true })
    const table = new Map<string, string>()
    let records = 0
    await consumer.run({
      eachMessage: async ({ message: { key, value } }) => {
        records++
        if (value === null) table.delete(String(key))
        else table.set(String(key), String(value))
      },
    })
    await expect.poll(() => records).toBe(2000)
    await consumer.disconnect()
    const rows = await asked.search({ topics: ['prices'], from: 'latest' })
    const text = (cell: (typeof rows)[number]['key']) => (cell.kind === 'null' ? null : cell.text)
    expect(new Map(rows.map(({ key, value }) => [text(key), text(value)]))).toEqual(table)
    await visit(page, 'topics/prices')
    await page.getByLabel('Start from').selectOption('Latest per key')
    await expect
      .poll(() => page.getByRole('grid', { name: 'Messages' }).getAttribute('aria-rowcount'))
      .toBe(String(table.size + 1))
  })

  itNeeds([needs], 'a topic is analysed, and cloned with its messages', async () => {
    await visit(page, 'topics/prices/analysis')
    await page.getByRole('button', { name: 'Analyse' }).click()
    await page.getByText('2,000 messages in').waitFor()
    await page.getByRole('table', { name: 'Spread over partitions' }).getByRole('row').nth(2).waitFor()
    await expect
      .poll(() => page.getByText('Distinct keys').locator('xpath=following-sibling::dd').textContent())
      .toBe('150')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Clone…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox').check()
    await dialog.getByRole('button', { name: 'Clone' }).click()
    await asked.picture('topics', (topics) => topics.some((one) => one.name === 'prices-copy' && one.messages === 2000))
    const ends = (topic: string) => asked.picture('topic.partitions', () => true, { topic })
    const [copied, original] = [await ends('prices-copy'), await ends('prices')]
    expect(copied.map(({ end }) => end)).toEqual(original.map(({ end }) => end))
  })

  itNeeds(
    [needs],
    'copies of a message differ by their placeholders, and a topic is recreated with nothing in it',
    async () => {
      await visit(page, 'topics/shop.bills')
      await page.getByRole('button', { name: 'Produce' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Value', { exact: true }).fill('{"id":{{n}},"of":"{{uid}}"}')
      await dialog.getByRole('checkbox', { name: /placeholders/ }).check()
      await dialog.getByText('{{uid}} is no placeholder').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await dialog.getByLabel('Value', { exact: true }).fill('{"id":{{n}},"of":"{{uuid}}"}')
      await dialog.getByLabel('Copies').fill('30')
      await dialog.getByRole('button', { name: 'Send' }).click()
      await page.getByText('Wrote 30 messages to shop.bills.').waitFor()
      await dialog.getByRole('button', { name: 'Close' }).click()
      const rows = await asked.search({ topics: ['shop.bills'] })
      const values = rows.map(({ value }): { id: number; of: string } =>
        JSON.parse(value.kind === 'null' ? '' : value.text),
      )
      expect(values.map(({ id }) => id).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
      expect(new Set(values.map(({ of }) => of)).size).toBe(30)

      await page.getByRole('gridcell', { name: /"id":30/ }).waitFor()
      await page.getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: 'Recreate…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Recreate' }).click()
      await page.getByText('No messages yet.').waitFor()
      await asked.picture('topics', (topics) =>
        topics.some(({ name, messages, partitions }) => name === 'shop.bills' && messages === 0 && partitions === 2),
      )
    },
  )
})
