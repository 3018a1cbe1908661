import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const needs = chromiumPath ? {} : { missing: 'no chromium' }

describe('one message, its columns and its way', () => {
  let broker: BrokerProcess
  let browser: Browser
  let page: Page
  let asked: TestPage
  let kafka: Kafka
  const grid = () => page.getByRole('grid', { name: 'Messages' })
  const pane = () => page.getByRole('complementary')

  beforeAll(async () => {
    if (!chromiumPath) return
    broker = await BrokerProcess.start({ ui: true })
    asked = await TestPage.open(broker)
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(broker.ready.ui ?? '')
    kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, clientId: 'shop' })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: ['orders', 'bills', 'mails'].map((topic) => ({ topic, numPartitions: 1 })) })
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    const at = Date.now() - 60_000
    const order = (n: number) => ({ customer: { id: `c-${n}`, tags: ['a', { deep: `needle-${n}` }] }, total: n })
    for (const n of [1, 2, 3]) {
      const time = (after: number) => String(at + n * 1000 + after)
      await producer.send({
        topic: 'orders',
        messages: [
          { key: `o-${n}`, value: JSON.stringify(order(n)), headers: { trace: `t-${n}` }, timestamp: time(0) },
        ],
      })
      await producer.send({
        topic: 'bills',
        messages: [{ key: `b-${n}`, value: JSON.stringify({ order: `o-${n}` }), timestamp: time(100) }],
      })
      await producer.send({
        topic: 'mails',
        messages: [{ value: 'sent', headers: { order: `o-${n}` }, timestamp: time(250) }],
      })
    }
    await producer.disconnect()
    await page.evaluate(() => {
      navigator.clipboard.writeText = async (text) => void Object.assign(window, { copied: text })
    })
  })
  afterAll(async () => {
    asked?.close()
    await browser?.close()
    await broker?.dispose()
  })

  itNeeds([needs], 'fields and headers are columns; a view keeps them, and a link carries them', async () => {
    await visit(page, 'topics/orders')
    await page.getByRole('button', { name: 'View', exact: true }).click()
    const field = page.getByLabel('Column from a field or header')
    await field.fill('customer.id')
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
    await field.fill('value.customer.id')
    await page.keyboard.press('Enter')
    await field.fill('headers.trace')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'customer.id' }).waitFor()
    await page.getByRole('gridcell').getByText('c-2', { exact: true }).waitFor()
    await page.getByRole('gridcell').getByText('t-2', { exact: true }).waitFor()

    await page.getByLabel('Find', { exact: true }).fill('needle-2')
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('2')
    const link = await page.evaluate(() => location.hash)
    await page.getByRole('button', { name: 'View', exact: true }).click()
    await page.getByLabel('Name of this view').fill('needles')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Open the topic with needles' }).click()
    await asked.picture('topic.views', ([view]) => view?.isDefault === true, { topic: 'orders' })
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')

    // The topic opens with its default view; a link opens the same in another browser.
    await visit(page, 'home')
    await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    await visit(page, 'topics/orders')
    await page.getByRole('button', { name: 'needles', exact: true }).waitFor()
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('2')
    const other = await browser.newPage()
    await other.goto(`${broker.ready.ui}${link}`)
    await other.getByRole('gridcell').getByText('c-2', { exact: true }).waitFor()
    expect(await other.getByRole('columnheader', { name: 'trace' }).count()).toBe(1)
    await other.close()
  })

  itNeeds([needs], 'an open message: find inside, fold all, copy a path, save a part, by keyboard', async () => {
    await visit(page, 'topics/orders/messages?from=oldest')
    await grid().getByText('o-2', { exact: true }).click()
    const tree = pane().getByRole('tree')
    await tree.waitFor()
    await pane().getByRole('button', { name: 'Collapse all' }).click()
    await expect.poll(() => tree.getByRole('treeitem').count()).toBe(3)
    await tree.focus()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('needle')
    await pane().getByText('1 of 1').waitFor()
    await tree.locator('mark', { hasText: 'needle' }).waitFor()
    await tree.focus()
    // The match is at the cursor: its actions open with Enter.
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Copy path' }).click()
    await expect.poll(() => page.evaluate(() => Reflect.get(window, 'copied'))).toBe('value.customer.tags[1].deep')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      pane().getByRole('button', { name: 'Save as a file' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('orders-0-1-value.json')
    expect(await accessibilityProblems(page)).toEqual([])
  })

  itNeeds([needs], 'an id is followed from a message through all topics, as lanes and as a list', async () => {
    await visit(page, 'topics/orders/messages?from=oldest')
    await grid().getByText('o-2', { exact: true }).click()
    await pane().getByRole('button', { name: 'Follow this key through all topics' }).click()
    await page.getByText('Following o-2').waitFor()
    const lanes = page.getByRole('region', { name: 'Messages by topic, in the order of time' })
    await expect.poll(() => lanes.getByRole('button').count()).toBe(3)
    const names = await lanes
      .getByRole('button')
      .evaluateAll((dots) => dots.map((dot) => dot.getAttribute('aria-label')))
    expect(names.map((name) => name?.split(',')[0])).toEqual(['orders', 'bills', 'mails'])
    expect(await accessibilityProblems(page)).toEqual([])
    await lanes.getByRole('button').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await pane().getByText('"o-2"').waitFor()
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await expect.poll(() => lanes.count()).toBe(0)
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('4')
    await page.getByRole('button', { name: /^Stop following/ }).click()
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('10')
  })

  itNeeds([needs], 'from a message to its neighbours in all topics, and back by a link to it', async () => {
    await visit(page, 'topics/bills/messages?from=oldest')
    await grid().getByText('b-2', { exact: true }).click()
    await pane().getByRole('link', { name: 'Around this time, in all topics' }).click()
    await page.getByRole('heading', { name: 'Messages', exact: true }).waitFor()
    // All nine lie within five seconds; the message stays open, and its row is selected.
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('10')
    await pane().getByText('"o-2"').waitFor()
    await grid().getByRole('row', { selected: true }).getByText('b-2', { exact: true }).waitFor()
    await expect.poll(() => page.getByLabel('Until time').inputValue()).not.toBe('')
    expect(await accessibilityProblems(page)).toEqual([])
    await grid().getByText('o-3', { exact: true }).first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Around this time, in all topics' }).click()
    await pane().getByText('"c-3"').waitFor()
  })

  itNeeds([needs], 'a message tells who wrote it, and which member of a group has got it', async () => {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    await producer.send({ topic: 'bills', messages: [{ key: 'b-9', value: '{}' }] })
    const consumer = kafka.consumer({ groupId: 'billing' })
    await consumer.connect()
    await consumer.subscribe({ topic: 'bills', fromBeginning: true })
    let seen = 0
    await consumer.run({ autoCommit: false, eachMessage: async () => void seen++ })
    await expect.poll(() => seen).toBe(4)
    await visit(page, 'topics/bills/messages?partition=0&offset=3')
    await pane().getByRole('tab', { name: 'Consumed' }).click()
    await pane().getByText('delivered, not committed').waitFor()
    await pane()
      .getByText(/member shop at \d/)
      .waitFor()
    await pane().getByRole('tab', { name: 'Metadata' }).click()
    await pane().getByRole('link', { name: 'shop' }).waitFor()
    await consumer.disconnect()
    await producer.disconnect()
  })

  itNeeds([needs], 'a key is deleted from its row, and a message is written with a time of its own', async () => {
    await visit(page, 'topics/orders/messages?from=oldest')
    await grid().getByText('o-1', { exact: true }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Delete this key (tombstone)…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Write tombstone' }).click()
    await grid().getByText('tombstone').waitFor()
    await page.getByRole('button', { name: 'Produce' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Value', { exact: true }).fill('dated')
    await dialog.getByLabel('Timestamp').fill('2026-01-31T14:02:11.204Z')
    await dialog.getByRole('button', { name: 'Send' }).click()
    await expect
      .poll(async () => (await asked.search({ topics: ['orders'], find: 'dated' })).map(({ timestamp }) => timestamp))
      .toEqual([Date.UTC(2026, 0, 31, 14, 2, 11, 204)])
  })
})
