import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const needs = chromiumPath ? {} : { missing: 'no chromium' }
const many = 100_000
const original = 'kafka_dlt-original-topic'

describe('resend', () => {
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
        { topic: 'orders', numPartitions: 3 },
        { topic: 'orders-dlt', numPartitions: 3 },
        { topic: 'bulk', numPartitions: 2 },
        { topic: 'bulk-copy', numPartitions: 2 },
      ],
    })
    await admin.disconnect()
  })
  afterAll(async () => {
    asked?.close()
    await browser?.close()
    await broker?.dispose()
  })

  const jobs = (fits: (states: readonly string[]) => boolean) =>
    asked.picture('resends', (list) => fits(list.map(({ state }) => state)))

  itNeeds(
    [needs],
    'dead letters go back to their topic, twice, while their consumer fails again, and then no more',
    async () => {
      const producer = kafka.producer()
      const consumer = kafka.consumer({ groupId: 'orders-app' })
      await Promise.all([producer.connect(), consumer.connect()])
      await consumer.subscribe({ topic: 'orders', fromBeginning: true })
      let failed = 0
      await consumer.run({
        // As the DeadLetterPublishingRecoverer of Spring: same key, value, partition and headers, and headers of its own.
        async eachMessage({ topic, partition, message }) {
          const { key, value, headers = {} } = message
          const at = Buffer.alloc(8)
          at.writeBigInt64BE(BigInt(message.offset))
          const added = { [original]: topic, 'kafka_dlt-original-offset': at, 'kafka_dlt-exception-message': 'boom' }
          await producer.send({
            topic: 'orders-dlt',
            messages: [{ key, value, partition, headers: { ...headers, ...added } }],
          })
          failed++
        },
      })
      await producer.send({
        topic: 'orders',
        messages: ['a', 'b', 'c'].map((key) => ({ key, value: `{"id":"${key}"}` })),
      })
      await expect.poll(() => failed).toBe(3)

      await visit(page, 'topics/orders-dlt')
      const grid = page.getByRole('grid', { name: 'Messages' })
      await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('4')
      const dialog = page.getByRole('dialog')
      const redrive = async (times: string) => {
        await page.getByRole('button', { name: /^More/ }).click()
        await page.getByRole('menuitem', { name: 'Resend all that match…' }).click()
        // The header that Spring writes is found by itself.
        await dialog
          .getByRole('radio', { name: 'the topic that a header names' })
          .and(page.locator(':checked'))
          .waitFor()
        await expect.poll(() => dialog.getByLabel('Header', { exact: true }).inputValue()).toBe(original)
        await dialog.getByLabel('Times at most').fill(times)
      }
      await redrive('2')
      await dialog.getByRole('row', { name: 'will be sent orders 3' }).waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Resend 3 messages' }).click()
      await page.getByRole('region', { name: 'Resends' }).getByText('complete').waitFor()
      await expect.poll(() => failed).toBe(6)

      await redrive('2')
      await dialog.getByRole('row', { name: 'will be sent orders 3' }).waitFor()
      await dialog.getByRole('row', { name: 'left out resent before 3' }).waitFor()
      await dialog.getByRole('button', { name: 'Resend 3 messages' }).click()
      await expect.poll(() => failed).toBe(9)
      await jobs((states) => states.length === 2 && states.every((state) => state === 'done'))

      await redrive('2')
      await dialog.getByRole('row', { name: 'left out resent before 6' }).waitFor()
      await dialog.getByRole('row', { name: 'left out resent often enough 3' }).waitFor()
      await dialog.getByText('No message would be sent.').waitFor()
      expect(await dialog.getByRole('button', { name: 'Resend', exact: true }).isDisabled()).toBe(true)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await Promise.all([consumer.disconnect(), producer.disconnect()])
    },
  )

  itNeeds(
    [needs],
    '100,000 messages with a limit per second are stopped and gone on, and each arrives once',
    async () => {
      const producer = kafka.producer()
      await producer.connect()
      for (let first = 0; first < many; first += 10_000) {
        const messages = Array.from({ length: 10_000 }, (_, i) => ({ key: String(first + i), value: `${first + i}` }))
        await producer.send({ topic: 'bulk', messages })
      }
      await producer.disconnect()
      await visit(page, 'topics/bulk')
      await page.getByRole('button', { name: /^More/ }).click()
      await page.getByRole('menuitem', { name: 'Resend all that match…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Topic', { exact: true }).fill('bulk-copy')
      await dialog.getByLabel('Messages per second').fill('4000')
      await dialog.getByRole('button', { name: 'Resend 100,000 messages' }).click({ timeout: 60_000 })
      const region = page.getByRole('region', { name: 'Resends' })
      await region.getByRole('button', { name: 'Stop' }).click()
      await region.getByText('stopped').waitFor()
      const [stopped] = await asked.picture('resends', ([job]) => job?.state === 'stopped')
      expect(stopped?.found).toBeLessThan(many)
      expect(await accessibilityProblems(page)).toEqual([])
      await region.getByRole('button', { name: 'Go on' }).click()
      await asked.picture('resends', ([job]) => job?.state === 'done' && job.found === many)
      const consumer = kafka.consumer({ groupId: 'count' })
      await consumer.connect()
      await consumer.subscribe({ topic: 'bulk-copy', fromBeginning: true })
      const keys = new Set<string>()
      let records = 0
      await consumer.run({
        async eachBatch({ batch }) {
          records += batch.messages.length
          for (const { key } of batch.messages) keys.add(String(key))
        },
      })
      await expect.poll(() => keys.size, { timeout: 60_000 }).toBe(many)
      await consumer.disconnect()
      expect(records).toBe(many)
    },
    240_000,
  )

  itNeeds([needs], 'marked messages are resent by keyboard', async () => {
    await visit(page, 'topics/orders')
    const grid = page.getByRole('grid', { name: 'Messages' })
    await grid.locator('[role=rowgroup] [role=row]').first().waitFor()
    await grid.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowDown')
    const resend = page.getByRole('button', { name: 'Resend 2 marked…' })
    await resend.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Writes copies of 2 marked messages.').waitFor()
    await dialog.getByRole('radio', { name: 'one topic' }).check()
    await dialog.getByLabel('Topic', { exact: true }).fill('bulk-copy')
    await dialog.getByRole('row', { name: 'will be sent bulk-copy 2' }).waitFor()
    await dialog.getByRole('button', { name: 'Resend 2 messages' }).click()
    await asked.picture('resends', ([job]) => job?.state === 'done' && job.found === 2)
  })
})
