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

const longTopic = `generated.${'x'.repeat(200)}`

let broker: BrokerProcess
let kafka: Kafka
let browser: Browser
let page: Page

beforeAll(async () => {
  if (!chromiumPath) return
  broker = await BrokerProcess.start({ ui: true, memory: true })
  kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'orders', messages: [{ key: 'timeless', value: '{"a":1,"a":2}', timestamp: '-1' }] })
  await producer.disconnect()
  const admin = kafka.admin()
  await admin.connect()
  for (const topic of ['audit', 'bills', longTopic]) await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
  await admin.createTopics({
    topics: [
      { topic: 'parcels', numPartitions: 3 },
      { topic: 'routes', numPartitions: 2 },
    ],
  })
  for (const groupId of oddGroups) {
    await admin.setOffsets({ groupId, topic: 'orders', partitions: [{ partition: 0, offset: '1' }] })
  }
  await admin.disconnect()
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(broker.ready.ui ?? '')
})
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
    expect(await library.locator('optgroup').count()).toBe(5)
    // A link leads to its snippet, and changes nothing of the choice.
    await visit(page, 'home?client=transactions')
    await page.getByText('producer.begin_transaction()').waitFor()
    await visit(page, 'home')
    await page.getByText('AvroSerializer(registry, schema)').waitFor()
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

describe('the palette', () => {
  itNeeds(inBrowser, 'goes to the topic that was typed, whatever else has its letters', async () => {
    await visit(page, 'home')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('ord')
    const first = page.locator('[cmdk-item][data-selected=true]')
    await expect.poll(() => first.textContent()).toBe('orders')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'orders', exact: true }).waitFor()
  })
})

describe('an empty topic', () => {
  itNeeds(inBrowser, 'offers the ways to its first message, and the form has the focus where one types', async () => {
    await visit(page, 'topics/audit')
    await page.getByRole('button', { name: 'Programs to copy' }).waitFor()
    await page.getByRole('button', { name: 'Write one here' }).click()
    const value = page.getByLabel('Value', { exact: true })
    await expect.poll(() => value.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.type('first')
    await expect.poll(() => value.inputValue()).toBe('first')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Written to audit-0 at offset 0.').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('gridcell').getByText('first').waitFor()
  })
})

describe('members of a group', () => {
  itNeeds(inBrowser, 'have the partitions of a topic below each other', async () => {
    const members = ['one', 'two'].map((clientId) =>
      new Kafka({ clientId, brokers: [broker.address], logLevel: logLevel.NOTHING }).consumer({ groupId: 'carriers' }),
    )
    await Promise.all(
      members.map(async (member) => {
        await member.connect()
        await member.subscribe({ topics: ['parcels', 'routes'] })
        await member.run({ eachMessage: async () => {} })
      }),
    )
    await visit(page, 'groups/carriers')
    const routes = page.getByText('routes', { exact: true }).filter({ visible: true })
    const parcels = page.getByText('parcels', { exact: true }).filter({ visible: true })
    const left = async () => [
      ...new Set(await Promise.all((await routes.all()).slice(0, 2).map(async (one) => (await one.boundingBox())?.x))),
    ]
    // Of three partitions one member has two, the other one.
    await expect.poll(() => page.getByRole('main').textContent()).toMatch(/Stable.*2 members/)
    await expect.poll(() => parcels.count()).toBeGreaterThan(1)
    await expect.poll(async () => (await left()).length).toBe(1)
    await Promise.all(members.map((member) => member.disconnect()))
  })
})

describe('what was typed', () => {
  itNeeds(inBrowser, 'a long name of a topic makes no form wider than its window', async () => {
    await visit(page, 'schemas')
    await page.getByRole('button', { name: 'Register a schema' }).click()
    const dialog = page.getByRole('dialog', { name: 'Register a schema' })
    await dialog.getByText('Before you register').waitFor()
    await dialog.getByText(longTopic).waitFor({ state: 'attached' })
    await expect.poll(() => dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  itNeeds(inBrowser, 'a schema outlives a click outside and the dialog itself, until it is discarded', async () => {
    await visit(page, 'schemas')
    const open = () => page.getByRole('button', { name: 'Register a schema' }).click()
    await open()
    const dialog = page.getByRole('dialog', { name: 'Register a schema' })
    const schema = dialog.getByLabel('Schema', { exact: true })
    await dialog.getByLabel('Subject', { exact: true }).fill('orders-value')
    await schema.fill('{"type": "recor')
    await page.mouse.click(4, 4)
    await expect.poll(() => schema.inputValue()).toBe('{"type": "recor')
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Keep editing' }).click()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    await open()
    await expect.poll(() => schema.inputValue()).toBe('{"type": "recor')
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Discard' }).click()
    await open()
    await expect.poll(() => schema.inputValue()).toBe('')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  itNeeds(inBrowser, 'a list of objects that is pasted is one message for each', async () => {
    await visit(page, 'topics/bills')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Import…' }).click()
    const dialog = page.getByRole('dialog')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Choose file…')
    await dialog.getByLabel('Or lines').fill('[{"a": 1}, {"a": 2}]')
    await dialog.getByRole('button', { name: 'Write 2 messages' }).waitFor()
    await expect.poll(() => dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Discard' }).click()
  })

  itNeeds(inBrowser, 'a limit that is none is marked in the form of an export, and nothing is exported', async () => {
    await visit(page, 'topics/orders')
    await page.getByRole('gridcell').getByText('timeless').waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('spinbutton').fill('-5')
    await expect.poll(() => dialog.getByRole('button', { name: 'Export', exact: true }).isDisabled()).toBe(true)
    await dialog.getByRole('spinbutton').fill('5')
    await expect.poll(() => dialog.getByRole('button', { name: 'Export', exact: true }).isEnabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })
})

describe('a message without a time', () => {
  itNeeds(inBrowser, 'says so, and has no "around this time"', async () => {
    await visit(page, 'topics/orders')
    const row = page.getByRole('row').filter({ hasText: 'timeless' })
    expect(await row.getByRole('gridcell').nth(1).textContent()).toBe('–')
    await row.click({ button: 'right' })
    const around = page.getByRole('menuitem', { name: /^Around this time/, disabled: true })
    await around.first().waitFor()
    expect(await around.count()).toBe(await page.getByRole('menuitem', { name: /^Around/ }).count())
    await page.keyboard.press('Escape')
  })
})
