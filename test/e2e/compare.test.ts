import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { KafkaClient } from '../../src-main/client/client'
import { defaultSettings } from '../../src-main/client/settings'
import { BrokerProcess } from '../support/broker'
import { ClusterPages, contentOf } from '../support/cluster-pages'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const inBrowser = [chromiumPath ? {} : { missing: 'no chromium' }]

let folder: string
let own: BrokerProcess
let other: BrokerProcess
let browser: Browser
let page: Page
let client: KafkaClient
/** The stored connection to the other broker. */
let id: string
const sent: string[] = []

/** Topics, a group and a schema of one broker. */
async function fill(
  broker: BrokerProcess,
  { partitions, topic, committed, schema }: { partitions: number; topic: string; committed: string; schema: string },
): Promise<void> {
  const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const configEntries = partitions === 1 ? [] : [{ name: 'retention.ms', value: '1000' }]
  await admin.createTopics({
    topics: [
      { topic: 'alike' },
      { topic, numPartitions: 2 },
      { topic: 'orders', numPartitions: partitions, configEntries },
    ],
  })
  await admin.setOffsets({ groupId: 'billing', topic: 'alike', partitions: [{ partition: 0, offset: committed }] })
  await admin.disconnect()
  const registered = await fetch(`${broker.ready.registry}/subjects/orders-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema }),
  })
  expect(registered.status).toBe(200)
}

const recordOf = (...fields: readonly string[]) =>
  JSON.stringify({ type: 'record', name: 'Order', fields: fields.map((name) => ({ name, type: 'string' })) })

beforeAll(async () => {
  if (!chromiumPath) return
  folder = mkdtempSync(join(tmpdir(), 'ottla-app-'))
  const environment = { HOME: folder, XDG_DATA_HOME: folder, APPDATA: folder }
  ;[own, other] = await Promise.all([
    BrokerProcess.start({ ui: true, memory: true, environment }),
    BrokerProcess.start({ memory: true }),
  ])
  await Promise.all([
    fill(own, { partitions: 1, topic: 'only-here', committed: '0', schema: recordOf('id') }),
    fill(other, { partitions: 3, topic: 'only-there', committed: '7', schema: recordOf('id', 'city') }),
  ])
  const asked = await TestPage.open(own)
  const settings = { 'bootstrap.servers': other.address, 'schema.registry.url': other.ready.registry ?? '' }
  const draft = { id: null, name: 'staging', color: null, stage: null, settings, secrets: {}, storesSecrets: false }
  id = (await asked.ask('connection.save', draft)).id
  asked.close()
  const bootstrap = [{ host: '127.0.0.1', port: other.port }]
  client = new KafkaClient({ ...defaultSettings, clientId: 'test', bootstrap }, { clock: systemClock })
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => void sent.push(String(payload))))
  await page.goto(own.ready.ui ?? '')
})
afterAll(async () => {
  client?.dispose()
  await browser?.close()
  await other?.dispose()
  await own?.dispose()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** The visible rows as `name what left right`. */
async function rows(): Promise<string[]> {
  return await page
    .getByRole('grid', { name: 'Compare' })
    .getByRole('row')
    .evaluateAll((all) =>
      all.slice(1).map((row) =>
        [...row.querySelectorAll('[role=gridcell]')]
          .slice(2)
          .map((cell) => cell.textContent)
          .join(' · '),
      ),
    )
}

const differing = [
  'only-here · partitions · 2 · not there',
  'only-there · partitions · not there · 2',
  'orders · partitions · 1 · 3',
  'orders · retention.ms · 604800000 · 1000',
  'billing · offsets of alike · 0: 0 · 0: 7',
]

describe('the comparison of this workspace and a cluster', () => {
  itNeeds(
    inBrowser,
    'lists what is not the same, is filtered, found, linked and copied, and writes nothing',
    async () => {
      const before = await contentOf(client)
      await page.getByRole('link', { name: 'Compare with another cluster' }).click()
      await page.getByText('Choose two clusters to see').waitFor()
      // Of a side that is not chosen nothing is counted or named.
      expect(await page.getByRole('button', { name: /^Show/ }).count()).toBe(0)
      expect(await page.getByRole('columnheader').count()).toBe(0)
      await page.getByLabel('Right', { exact: true }).selectOption('staging')
      const status = page.getByRole('main').getByRole('status')
      await expect.poll(() => status.textContent()).toBe('6 differences')
      await expect
        .poll(rows)
        .toEqual([...differing, `orders-value · version 1 · AVRO ${recordOf('id')} · AVRO ${recordOf('id', 'city')}`])
      for (const theme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        expect(await accessibilityProblems(page)).toEqual([])
      }

      // What is the same is folded; a kind has its own address.
      await page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name: 'Topics 3' }).click()
      await expect.poll(rows).toEqual(differing.slice(0, 3))
      await page.getByRole('button', { name: 'Show: differences' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('checkbox', { name: 'Same (2)' }).check()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Show: all' }).waitFor()
      await expect
        .poll(rows)
        .toEqual(['_schemas · partitions · 1 · 1', 'alike · partitions · 1 · 1', ...differing.slice(0, 3)])
      await page.keyboard.press('/')
      await page.keyboard.type('only-')
      await expect.poll(rows).toEqual(differing.slice(0, 2))
      await expect
        .poll(() => page.evaluate(() => location.hash))
        .toBe(`#/connections/compare/topic?b=${id}&find=only-&show=onlyA%2ConlyB%2Cdifferent%2Csame`)
      await page.reload()
      await expect.poll(rows).toEqual(differing.slice(0, 2))

      // By the keyboard alone: to the table, a row in full, its actions.
      await page.getByRole('searchbox').focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      const pane = page.getByRole('complementary', { name: 'Difference' })
      await pane.getByRole('heading', { name: 'only-there' }).waitFor()
      await page.keyboard.press('Shift+F10')
      await page.getByRole('menuitem', { name: 'Copy from staging to this machine…' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('ottla copy --from staging --topic only-there --last 10000').waitFor()
      await page.keyboard.press('Escape')
      expect(await accessibilityProblems(page)).toEqual([])

      await visit(page, `connections/compare/subject?b=${id}`)
      await page.getByRole('gridcell', { name: 'version 1' }).click()
      await expect.poll(() => pane.locator('pre').textContent()).toContain('+       "name": "city"')
      await page.evaluate(() => {
        navigator.clipboard.writeText = async (text) => void Object.assign(window, { copied: text })
      })
      await page.getByRole('button', { name: 'Copy' }).click()
      await page.getByRole('menuitem', { name: 'As JSON lines' }).click()
      const copied = () => page.evaluate(() => (window as { copied?: string }).copied ?? '')
      await expect.poll(copied).toContain('"kind":"subject","name":"orders-value","what":"version 1"')

      // From a row to its topic.
      await visit(page, `connections/compare/topic?b=${id}`)
      await page.getByRole('gridcell', { name: 'orders', exact: true }).click()
      await pane.getByRole('button', { name: 'Open in staging' }).click()
      await page.getByText('ottla serve --cluster staging').waitFor()
      await page.keyboard.press('Escape')
      await pane.getByRole('button', { name: 'Open in this workspace' }).click()
      await page.getByRole('heading', { name: 'orders' }).waitFor()
      expect(await contentOf(client)).toEqual(before)
    },
  )

  itNeeds(inBrowser, 'has the cluster of its window as one side, and copies from there', async () => {
    // Its folder is removed at the end, and the other process goes on with its own.
    const copy = mkdtempSync(join(tmpdir(), 'ottla-app-'))
    cpSync(folder, copy, { recursive: true })
    const pages = await ClusterPages.ofConnection('staging', copy, {})
    const elsewhere = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    try {
      await elsewhere.goto(pages.ready.ui ?? '')
      await visit(elsewhere, 'connections/compare')
      await elsewhere.getByLabel('Right', { exact: true }).selectOption('staging')
      await elsewhere.getByText('Both connections lead to the same cluster.').waitFor()
      await elsewhere.getByText(/^No differences: \d+ are the same\.$/).waitFor()
      await elsewhere.getByRole('button', { name: /^Show:/ }).click()
      await elsewhere.getByRole('checkbox', { name: /^Same/ }).check()
      await elsewhere.keyboard.press('Escape')
      await elsewhere.getByRole('gridcell', { name: 'alike', exact: true }).first().click()
      await elsewhere.getByRole('button', { name: 'Copy from staging to this machine…' }).first().click()
      await elsewhere.getByRole('heading', { name: 'Copy a slice of alike' }).waitFor()
    } finally {
      await elsewhere.close()
      await pages.stop()
    }
  })

  itNeeds(inBrowser, 'says that one side does not answer, and compares again when it does', async () => {
    await visit(page, 'connections/compare')
    await other.stop()
    await page.getByLabel('Right', { exact: true }).selectOption('staging')
    await page.getByText(/^staging cannot be compared: /).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await other.startAgain()
    await page.getByRole('button', { name: 'Compare again' }).click()
    await expect.poll(rows).toContain('only-here · partitions · 2 · not there')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Search topics, groups, pages and actions…').fill('compare')
    await page.getByRole('option', { name: 'Compare clusters…' }).waitFor()
    await page.keyboard.press('Escape')
  })
})
