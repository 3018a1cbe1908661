import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const inBrowser = [chromiumPath ? {} : { missing: 'no chromium' }]
/** Signs that mean something in an address, and letters of other scripts. */
const oddGroups = ['a/b c%25#ü', '50%', 'x?y=1', '日本']

let broker: BrokerProcess
let browser: Browser
let page: Page

beforeAll(async () => {
  if (!chromiumPath) return
  broker = await BrokerProcess.start({ ui: true, memory: true })
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'orders', messages: [{ key: 'timeless', value: '{"a":1,"a":2}', timestamp: '-1' }] })
  await producer.disconnect()
  const admin = kafka.admin()
  await admin.connect()
  for (const topic of ['audit', 'bills']) await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
  for (const groupId of oddGroups) {
    await admin.setOffsets({ groupId, topic: 'orders', partitions: [{ partition: 0, offset: '1' }] })
  }
  await admin.disconnect()
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(20_000)
  await page.goto(broker.ready.ui ?? '')
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await broker?.dispose()
})

const style = (selector: string, name: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name)

describe('Home', () => {
  itNeeds(inBrowser, 'one control chooses how to connect, and keeps the choice', async () => {
    await page.getByText('1 message', { exact: true }).waitFor()
    const library = page.getByLabel('Client library')
    await library.selectOption('Go')
    await page.getByText('go get github.com/twmb/franz-go').waitFor()
    await library.selectOption('Avro, Python')
    await page.getByText('AvroSerializer(registry, schema)').waitFor()
    await page.reload()
    await page.getByText('AvroSerializer(registry, schema)').waitFor()
    expect(await library.locator('optgroup').count()).toBe(4)
    expect(await accessibilityProblems(page)).toEqual([])
  })

  itNeeds(inBrowser, 'an address is larger than what stands beside it; numbers alone have equal widths', async () => {
    const size = async (selector: string) => Number.parseFloat(await style(selector, 'font-size'))
    expect(await size('[title^="Copy http"]')).toBeGreaterThan(await size('[title^="Copy http"] + .quiet'))
    expect(await style('body', 'font-variant-numeric')).toBe('normal')
    expect(await style('.data', 'font-variant-numeric')).toBe('tabular-nums')
  })
})

describe('names that mean something in an address', () => {
  itNeeds(inBrowser, 'lead to their group: from the list, after a reload, and from a notification', async () => {
    for (const groupId of oddGroups) {
      await visit(page, 'groups')
      await page.getByRole('gridcell').getByText(groupId, { exact: true }).click()
      await page.getByRole('heading', { name: groupId, exact: true }).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: groupId, exact: true }).waitFor()
      // As the desktop passes on the view of a notice (desk/home/notices.ts).
      await visit(page, `rebalances/${encodeURIComponent(groupId)}`)
      await expect.poll(() => page.getByRole('main').textContent()).toContain(groupId)
      await visit(page, `groups/${encodeURIComponent(groupId)}/reset`)
      await page.getByRole('slider').first().waitFor()
    }
  })
})

describe('tables', () => {
  itNeeds(inBrowser, 'what is marked looks different from the row that the keys act on', async () => {
    await visit(page, 'topics')
    await page.getByLabel('Mark audit').check()
    await page.getByRole('grid').press('ArrowDown')
    const background = (name: string) =>
      page
        .getByRole('row')
        .filter({ hasText: name })
        .evaluate((row) => getComputedStyle(row).backgroundColor)
    const clear = 'rgba(0, 0, 0, 0)'
    await page.mouse.move(0, 0)
    await expect.poll(() => background('audit')).not.toBe(clear)
    const cursor = await page.getByRole('grid').getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${cursor}"]`).textContent()).toContain('bills')
    expect(await background('bills')).toBe(clear)
    await page.getByLabel('Mark audit').uncheck()
  })

  itNeeds(inBrowser, 'in a narrow window the least important columns give way to the others', async () => {
    await page.setViewportSize({ width: 1000, height: 640 })
    await page.getByRole('columnheader', { name: 'Last message' }).waitFor()
    const grid = page.getByRole('grid')
    await expect.poll(() => grid.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    await page.getByRole('columnheader', { name: 'Out' }).waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('columnheader', { name: 'Out' }).waitFor()
  })
})

describe('what was typed', () => {
  itNeeds(inBrowser, 'a schema outlives a click outside and the dialog itself, until it is discarded', async () => {
    await visit(page, 'schemas')
    const open = () => page.getByRole('button', { name: 'Register a schema' }).click()
    await open()
    const dialog = page.getByRole('dialog', { name: 'Register a schema' })
    const schema = dialog.getByLabel('Schema', { exact: true })
    await dialog.getByLabel('Subject', { exact: true }).fill('orders-value')
    await schema.fill('{"type": "recor')
    await page.mouse.click(4, 4)
    expect(await schema.inputValue()).toBe('{"type": "recor')
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Keep editing' }).click()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    await open()
    expect(await schema.inputValue()).toBe('{"type": "recor')
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Discard' }).click()
    await open()
    expect(await schema.inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  itNeeds(inBrowser, 'a limit that is none is marked in the form of an export, and nothing is exported', async () => {
    await visit(page, 'topics/orders')
    await page.getByRole('gridcell').getByText('timeless').waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('spinbutton').fill('-5')
    expect(await dialog.getByRole('button', { name: 'Export', exact: true }).isDisabled()).toBe(true)
    await dialog.getByRole('spinbutton').fill('5')
    expect(await dialog.getByRole('button', { name: 'Export', exact: true }).isEnabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })
})

describe('a message without a time', () => {
  itNeeds(inBrowser, 'says so, and has no "around this time"', async () => {
    await visit(page, 'topics/orders')
    const row = page.getByRole('row').filter({ hasText: 'timeless' })
    expect(await row.getByRole('gridcell').nth(1).textContent()).toBe('–')
    await row.click({ button: 'right' })
    expect(await page.getByRole('menuitem', { name: /Around/ }).getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Escape')
  })
})
