import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { FromPage } from '../../src-main/contract/wire'
import { BrokerProcess } from '../support/broker'
import { ClusterPages } from '../support/cluster-pages'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const shots = process.env.OTTLA_SCREENSHOTS
const inBrowser = [chromiumPath ? {} : { missing: 'no chromium' }]

/** On a cluster elsewhere a reset is confirmed in a dialog. Members may come and go while it is open. */
describe('the dialogs of a reset, while members come and go', () => {
  let broker: BrokerProcess
  let pages: ClusterPages
  let browser: Browser
  let page: Page
  let consumers: readonly Consumer[] = []
  /** The changes that the page sent. */
  const sent: { readonly name: string; readonly fence: unknown }[] = []

  const kafka = () => new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
  async function join(members: number): Promise<void> {
    consumers = Array.from({ length: members }, () => kafka().consumer({ groupId: 'shop', sessionTimeout: 60_000 }))
    for (const consumer of consumers) {
      await consumer.connect()
      await consumer.subscribe({ topics: ['orders'] })
      await consumer.run({ autoCommit: false, eachMessage: async () => {} })
    }
  }
  async function leave(): Promise<void> {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()))
    consumers = []
  }
  async function committed(): Promise<readonly string[]> {
    const admin = kafka().admin()
    await admin.connect()
    const topics = await admin.fetchOffsets({ groupId: 'shop', topics: ['orders'] })
    await admin.disconnect()
    return topics.flatMap(({ partitions }) => partitions.map(({ offset }) => offset))
  }
  /** A button of the page behind the dialog: it shows the members of this moment. */
  const behind = (text: string) => page.getByRole('main', { includeHidden: true }).getByText(text, { exact: true })

  beforeAll(async () => {
    if (!chromiumPath) return
    broker = await BrokerProcess.start({ memory: true })
    const admin = kafka().admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }, { topic: 'audit' }] })
    const producer = kafka().producer()
    await producer.connect()
    const messages = Array.from({ length: 30 }, (_, i) => ({ partition: i % 3, value: String(i) }))
    await producer.send({ topic: 'orders', messages })
    await producer.disconnect()
    const partitions = [0, 1, 2].map((partition) => ({ partition, offset: '5' }))
    await admin.setOffsets({ groupId: 'shop', topic: 'orders', partitions })
    await admin.disconnect()
    pages = await ClusterPages.start(broker.address, ['--writable'], ['ottla.name=payments'])
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const message = JSON.parse(String(payload)) as FromPage
        if (message.kind !== 'call' || !/^reset\.(apply|undo)$/.test(message.name)) return
        sent.push({ name: message.name, fence: (message.input as { readonly fence: unknown }).fence })
      }),
    )
    await page.goto(pages.ready.ui ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await leave()
    await pages?.stop()
    await broker?.dispose()
  })

  itNeeds(inBrowser, 'a reset of three members fences, also when they are gone for a moment', async () => {
    await join(3)
    await visit(page, 'groups/shop/reset')
    await page.getByRole('radio', { name: 'Earliest', exact: true }).check({ force: true })
    await page.getByRole('button', { name: 'Apply now (fences 3 members)' }).click()
    const dialog = page.getByRole('dialog')
    const apply = dialog.getByRole('button', { name: 'Apply now (fences 3 members)' })
    await apply.waitFor()
    await leave()
    await behind('Apply').waitFor({ state: 'attached' })
    await dialog.getByText('This fences 3 members').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByLabel('Type shop to confirm').fill('shop')
    await apply.click()
    await dialog.waitFor({ state: 'detached' })
    expect(sent).toEqual([{ name: 'reset.apply', fence: true }])
    expect(await committed()).toEqual(['0', '0', '0'])
  })

  itNeeds(inBrowser, 'an undo fences members that joined while its question was open', async () => {
    sent.length = 0
    await page.getByRole('button', { name: /^Undo “/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Undo', exact: true }).waitFor()
    await join(1)
    const undo = dialog.getByRole('button', { name: 'Undo now (fences 1 member)' })
    await undo.waitFor()
    await leave()
    await behind('Apply').waitFor({ state: 'attached' })
    await dialog.getByLabel('Type shop to confirm').fill('shop')
    await undo.click()
    await page.getByText('The reset is undone.').waitFor()
    expect(sent).toEqual([{ name: 'reset.undo', fence: true }])
    expect(await committed()).toEqual(['5', '5', '5'])
  })

  itNeeds(inBrowser, 'a notice is above the footer of the page, and covers none of its buttons', async () => {
    await page.getByRole('radio', { name: 'Latest', exact: true }).check({ force: true })
    await page.getByText('--to-latest').waitFor()
    await page.getByRole('button', { name: 'Add a topic…' }).waitFor()
    // A notice of a problem stays.
    await page.getByLabel('File of topic,partition,offset').setInputFiles({
      name: 'offsets.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('nonsense\n'),
    })
    const notice = page.getByRole('status').filter({ hasText: 'Line 1 is not in the form topic,partition,offset' })
    const summary = page.getByText('3 partitions: 15 messages skipped')
    for (const [width, height] of [
      [1000, 640],
      [1280, 800],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        await expect.poll(async () => (await bottomOf(notice)) < (await topOf(summary))).toBe(true)
        if (shots) await page.screenshot({ path: `${shots}/reset-${width}-${theme}.png` })
      }
      for (const strategy of ['Per partition', 'Time…', 'Back by…', 'Shift by…', 'Latest']) {
        await page.getByRole('radio', { name: strategy, exact: true }).check({ force: true })
        const bar = page.getByRole('radiogroup', { name: 'Reset to' }).locator('..')
        if (shots) await bar.screenshot({ path: `${shots}/reset-bar-${width}-${strategy.slice(0, 4)}.png` })
        // Two rows: the strategies, and what the chosen one needs.
        expect({ strategy, width, isLow: ((await bar.boundingBox())?.height ?? 99) < 76 }).toEqual({
          strategy,
          width,
          isLow: true,
        })
      }
    }
  })
})

async function topOf(element: Locator): Promise<number> {
  const box = await element.boundingBox()
  if (!box) throw new Error('it is not shown')
  return box.y
}

async function bottomOf(element: Locator): Promise<number> {
  const box = await element.boundingBox()
  if (!box) throw new Error('it is not shown')
  return box.y + box.height
}
