import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { FromDesk, FromPage } from '../../src-main/contract/wire'
import { BrokerProcess } from '../support/broker'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { lists } from './list-places'
import { chromiumPath, visit } from './page-host'

const needs = [chromiumPath ? {} : { missing: 'no chromium' }]

describe('lists', () => {
  let folder: string
  let broker: BrokerProcess
  let browser: Browser
  let page: Page
  const admins: Admin[] = []

  beforeAll(async () => {
    if (!chromiumPath) return
    folder = mkdtempSync(join(tmpdir(), 'ottla-lists-'))
    const environment = { HOME: folder, XDG_DATA_HOME: folder, APPDATA: folder }
    broker = await BrokerProcess.start({ ui: true, memory: true, environment })
    const kafkaOf = (clientId: string) => new Kafka({ clientId, brokers: [broker.address], logLevel: logLevel.NOTHING })
    // Two clients that stay connected.
    for (const clientId of ['till', 'audit']) {
      const admin = kafkaOf(clientId).admin()
      await admin.connect()
      admins.push(admin)
    }
    const [admin] = admins as [Admin]
    const configEntries = [{ name: 'retention.bytes', value: '1000000' }]
    await admin.createTopics({
      topics: [{ topic: 'orders', configEntries }, { topic: 'orders.failed' }, { topic: 'mails' }],
    })
    for (const groupId of ['billing', 'shipping'])
      await admin.setOffsets({ groupId, topic: 'orders', partitions: [{ partition: 0, offset: '0' }] })
    for (const transactionalId of ['payments', 'refunds']) {
      const producer = kafkaOf(transactionalId).producer({ transactionalId, maxInFlightRequests: 1, idempotent: true })
      await producer.connect()
      const transaction = await producer.transaction()
      await transaction.send({ topic: 'orders', messages: [{ value: 'tea' }] })
      await transaction.commit()
      await producer.disconnect()
    }
    const asked = await TestPage.open(broker)
    for (const subject of ['orders-value', 'mails-value'])
      await asked.ask('schema.register', { subject, type: 'AVRO', schema: '"string"', references: [] })
    const settings = { 'bootstrap.servers': broker.address }
    const connection = { id: null, color: null, stage: null, settings, secrets: {}, storesSecrets: false }
    for (const name of ['staging', 'laptop']) await asked.ask('connection.save', { ...connection, name })
    asked.close()
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(broker.ready.ui ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await Promise.all(admins.map((admin) => admin.disconnect()))
    await broker?.dispose()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  for (const { place, table, sorted, field, find, rows, also, opensBeside } of lists) {
    const rowsOn = async (on: Page) => {
      const count = await on.getByRole('grid', { name: table, exact: true }).getAttribute('aria-rowcount')
      // The heading is a row too.
      return Number(count) - 1
    }
    const isChosen = async (on: Page) => {
      if (!also) return true
      const control = on.getByRole('main').getByLabel(also.label, { exact: true })
      return also.option === undefined ? control.isChecked() : (await control.inputValue()) === also.option
    }
    /** The list of requests has those that are sent while it is open. */
    const allRows = async () => {
      if (place === 'wire') await admins[0]?.listTopics()
      return rowsOn(page)
    }
    /** The list as it was left, once it has come. */
    const holdsOn = async (on: Page) => {
      await expect.poll(() => on.getByLabel(field).inputValue()).toBe(find)
      await expect.poll(() => isChosen(on)).toBe(true)
      await expect.poll(() => rowsOn(on)).toBe(rows)
    }

    itNeeds(needs, `${place} stays as it is after a reload, with the back button and from a link`, async () => {
      await visit(page, place)
      await expect.poll(allRows).toBeGreaterThan(rows)
      await page.getByLabel(field).fill(find)
      if (also) {
        const control = page.getByRole('main').getByLabel(also.label, { exact: true })
        if (also.option === undefined) await control.check()
        else await control.selectOption(also.option)
      }
      await holdsOn(page)
      if (opensBeside) {
        await page.getByRole('grid', { name: table }).locator('[role=rowgroup] [role=row]').first().click()
        await page.getByRole('main').getByRole('complementary').waitFor()
        await holdsOn(page)
      }
      const link = await page.evaluate(() => location.hash)
      await visit(page, 'home')
      await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
      await page.goBack()
      await holdsOn(page)
      await page.reload()
      await holdsOn(page)
      const other = await browser.newPage()
      await other.goto(`${broker.ready.ui}${link}`)
      await holdsOn(other)
      await other.close()
      // A link without a choice shows all.
      await visit(page, place)
      await expect.poll(() => page.getByLabel(field).inputValue()).toBe('')
      await expect.poll(allRows).toBeGreaterThan(rows)
    })

    itNeeds(needs, `the columns of ${place} are resized and sorted by keyboard and pointer, and stay so`, async () => {
      await visit(page, place)
      await expect.poll(allRows).toBeGreaterThan(rows)
      const grid = page.getByRole('grid', { name: table, exact: true })
      const heading = grid.getByRole('columnheader', { name: sorted })
      const boxOf = async () => {
        const box = await heading.boundingBox()
        if (!box) throw new Error(`${sorted} is not shown`)
        return box
      }
      const width = async () => Math.round((await boxOf()).width)
      const order = () => heading.getAttribute('aria-sort')
      const focused = () =>
        page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.dataset : {}))
      const before = { width: await width(), order: await order() }

      // One stop of Tab, after the box that marks all.
      await grid.focus()
      await page.keyboard.press('Tab')
      if ((await focused()).column === undefined) await page.keyboard.press('Tab')
      expect((await focused()).column).toBeDefined()
      const isThere = () => heading.evaluate((element) => element === document.activeElement)
      for (let steps = 0; steps < 12 && !(await isThere()); steps++) await page.keyboard.press('ArrowRight')
      expect(await isThere()).toBe(true)
      await page.keyboard.press('Shift+ArrowRight')
      await page.keyboard.press('Shift+ArrowRight')
      await expect.poll(async () => Math.abs((await width()) - before.width - 32)).toBeLessThan(2)
      await page.keyboard.press('Enter')
      await expect.poll(order).not.toBe(before.order)
      const after = { width: await width(), order: await order() }

      await page.reload()
      await expect.poll(allRows).toBeGreaterThan(rows)
      await expect.poll(async () => ({ width: await width(), order: await order() })).toEqual(after)
      await heading.focus()
      await page.keyboard.press('Delete')
      await expect.poll(width).toBe(before.width)

      const edge = async () => {
        const { x, y, width: wide } = await boxOf()
        return [x + wide + 5, y + 8] as const
      }
      const [x, y] = await edge()
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x + 40, y, { steps: 4 })
      // The edge is where the pointer is, also before it is released.
      await expect.poll(async () => Math.abs((await edge())[0] - x - 40)).toBeLessThan(2)
      await page.mouse.up()
      await expect.poll(async () => Math.abs((await edge())[0] - x - 40)).toBeLessThan(2)
      await expect.poll(async () => Math.abs((await width()) - before.width - 40)).toBeLessThan(2)
      // That of the last column may be out of sight now.
      await heading.getByTitle('double-click to reset').dblclick()
      await expect.poll(width).toBe(before.width)
      expect(await accessibilityProblems(page)).toEqual([])
    })
  }

  itNeeds(needs, 'widths that were dragged in a wide window give way in a small one, and come back', async () => {
    await page.setViewportSize({ width: 1800, height: 800 })
    await visit(page, 'messages?from=oldest')
    const grid = page.getByRole('grid', { name: 'Messages', exact: true })
    const heading = grid.getByRole('columnheader', { name: 'Key', exact: true })
    await grid.getByRole('gridcell').first().waitFor()
    const tooWide = () => grid.evaluate((box) => box.scrollWidth - box.clientWidth)
    const width = async () => Math.round((await heading.boundingBox())?.width ?? 0)
    // Waits until it stands still: the rows may just have come.
    await heading.getByTitle('double-click to reset').hover()
    const before = await width()
    const box = await heading.boundingBox()
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) + 5, (box?.y ?? 0) + 8]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 450, y, { steps: 4 })
    await page.mouse.up()
    await expect.poll(width).toBe(before + 450)
    const dragged = await width()
    await expect.poll(() => tooWide()).toBe(0)
    await page.setViewportSize({ width: 1000, height: 640 })
    await expect.poll(tooWide).toBe(0)
    await expect.poll(() => width()).toBeLessThan(dragged)
    await page.setViewportSize({ width: 1800, height: 800 })
    await expect.poll(width).toBe(dragged)
    await heading.getByTitle('double-click to reset').dblclick()
    await expect.poll(width).toBe(before)
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  itNeeds(needs, 'a table has a ring around it for those who work by keyboard, and none for others', async () => {
    await visit(page, 'home')
    await page.getByRole('heading', { name: 'Kafka is running' }).click()
    await visit(page, 'groups')
    // A page that has just been opened has seen neither: there the browser takes any focus for one by keyboard.
    await page.reload()
    const grid = page.getByRole('grid', { name: 'Groups', exact: true })
    await expect.poll(() => grid.evaluate((box) => box === document.activeElement)).toBe(true)
    const ring = () =>
      grid.evaluate((box) => {
        const { content, borderTopWidth } = getComputedStyle(box.parentElement ?? box, '::after')
        return content === 'none' ? null : borderTopWidth
      })
    expect(await ring()).toBeNull()
    await page.keyboard.press('ArrowDown')
    await expect.poll(ring).toBe('2px')
    await page.getByRole('heading', { name: 'Groups' }).click()
    await expect.poll(ring).toBeNull()
  })

  itNeeds(
    needs,
    'all groups above the rebalances are one stop of the Tab key, and arrows go through them',
    async () => {
      await visit(page, 'rebalances/billing')
      const strip = page.getByRole('navigation', { name: 'Groups and their last rebalance' })
      const [billing, shipping] = ['billing', 'shipping'].map((name) =>
        strip.getByRole('link').filter({ hasText: name }),
      )
      if (!billing || !shipping) throw new Error('two groups are needed')
      const isFocused = (link: Locator) => link.evaluate((element) => element === document.activeElement)
      await shipping.waitFor()
      await page.getByRole('main').getByRole('combobox').first().focus()
      await page.keyboard.press('Tab')
      await expect.poll(() => isFocused(billing)).toBe(true)
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => isFocused(shipping)).toBe(true)
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => isFocused(shipping)).toBe(true)
      await page.keyboard.press('Tab')
      expect(await strip.evaluate((nav) => nav.contains(document.activeElement))).toBe(false)
      await page.keyboard.press('Shift+Tab')
      await expect.poll(() => isFocused(billing)).toBe(true)
      await page.keyboard.press('End')
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/rebalances/shipping')
    },
  )

  itNeeds(needs, 'the list has the focus when the row of a button is deleted with it', async () => {
    const asked = await TestPage.open(broker)
    const user = { mechanism: 'SCRAM-SHA-256', password: 'secret' } as const
    for (const name of ['alice', 'bob']) await asked.ask('security.user', { ...user, user: name })
    asked.close()
    await visit(page, 'security/users')
    const remove = page.getByRole('main').getByRole('button', { name: 'Remove' })
    const isFocused = () =>
      page.getByRole('grid', { name: 'Users' }).evaluate((element) => element === document.activeElement)
    for (const left of [1, 0]) {
      await remove.first().focus()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter')
      await expect.poll(() => remove.count()).toBe(left)
      await expect.poll(isFocused).toBe(true)
    }
  })

  itNeeds(needs, 'the timeline of a group leaves the focus where the Tab key has brought it meanwhile', async () => {
    const other = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await other.routeWebSocket(/\/wire/, (socket) => {
      const server = socket.connectToServer()
      const held = new Set<number>()
      socket.onMessage((text) => {
        const message = JSON.parse(String(text)) as FromPage
        if (message.kind === 'open' && message.name === 'rebalances') held.add(message.id)
        server.send(text)
      })
      server.onMessage((text) => {
        const { id } = JSON.parse(String(text)) as FromDesk
        if (held.has(id)) void released.then(() => socket.send(text))
        else socket.send(text)
      })
    })
    await other.goto(broker.ready.ui ?? '')
    await visit(other, 'rebalances/billing')
    const link = other.getByRole('navigation', { name: 'Groups and their last rebalance' }).getByText('billing')
    await link.waitFor()
    await other.getByRole('main').getByRole('combobox').first().focus()
    await other.keyboard.press('Tab')
    const focused = () => other.evaluate(() => document.activeElement?.textContent ?? '')
    expect(await focused()).toContain('billing')
    release()
    await other.getByRole('button', { name: 'Export range' }).waitFor()
    expect(await focused()).toContain('billing')
    await other.close()
  })

  itNeeds(needs, 'the facts about groups and transactions are whole in any window', async () => {
    for (const [width, height] of [
      [1000, 640],
      [1279, 720],
      [1280, 800],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const [place, told] of [
        ['groups', /^2 groups · lag /],
        ['transactions', /^2 transactional ids, 0 open/],
      ] as const) {
        await visit(page, place)
        const facts = page.locator('main header').getByText(told)
        await facts.waitFor()
        await expect.poll(() => facts.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0)
        const [title, line] = [await page.locator('main h1').boundingBox(), await facts.boundingBox()]
        // A line of their own is as long as the header.
        if (width < 1280) expect(line?.y).toBeGreaterThanOrEqual((title?.y ?? 0) + (title?.height ?? 0))
        if (width < 1280) expect(line?.width).toBeGreaterThan(700)
      }
    }
  })

  itNeeds(needs, 'the column of the stars has the width of a star, whatever is dragged or pressed', async () => {
    await visit(page, 'topics')
    const stars = page.getByRole('columnheader', { name: 'Favourite', exact: true })
    const width = async () => (await stars.boundingBox())?.width
    await expect.poll(width).toBe(20)
    expect(await stars.locator('[title^="Drag"]').count()).toBe(0)
    await stars.focus()
    await page.keyboard.press('Shift+ArrowRight')
    const name = page.getByRole('columnheader', { name: 'Topic', exact: true })
    const before = (await name.boundingBox())?.width ?? 0
    await name.focus()
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(async () => Math.round(((await name.boundingBox())?.width ?? 0) - before)).toBe(16)
    await expect.poll(() => width()).toBe(20)
    await page.keyboard.press('Delete')
  })

  itNeeds(needs, 'while configs are searched in a small window, it is told in full where each is set', async () => {
    await page.setViewportSize({ width: 1000, height: 640 })
    await visit(page, 'topics/orders/config?find=retention')
    const grid = page.getByRole('grid', { name: 'Configs' })
    await grid.getByRole('columnheader', { name: 'Description' }).waitFor()
    await grid.getByRole('columnheader', { name: 'Set by' }).waitFor()
    await grid.getByText('Kafka’s default').first().waitFor()
    const cut = () =>
      grid.evaluate((box) =>
        [...box.querySelectorAll('[role=rowgroup] [role=gridcell]:nth-child(4)')].flatMap((cell) =>
          cell.scrollWidth > cell.clientWidth ? [cell.textContent] : [],
        ),
      )
    await expect.poll(cut).toEqual([])
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  itNeeds(
    needs,
    'in a small window lists and the form of a message have room, and a group its facts below its name',
    async () => {
      await page.setViewportSize({ width: 1000, height: 640 })
      const tooWide = (name: string) =>
        page.getByRole('grid', { name, exact: true }).evaluate((box) => box.scrollWidth - box.clientWidth)
      await visit(page, 'connections')
      await page.getByRole('columnheader', { name: 'Bootstrap servers' }).waitFor()
      await expect.poll(() => tooWide('Connections')).toBe(0)
      await visit(page, 'topics/orders/partitions')
      await page.getByRole('columnheader', { name: 'Last message' }).waitFor()
      await expect.poll(() => tooWide('Partitions')).toBe(0)
      await visit(page, 'messages?from=oldest')
      await page.getByRole('columnheader', { name: 'Value' }).waitFor()
      await expect.poll(() => tooWide('Messages')).toBe(0)
      await visit(page, 'groups/billing')
      const top = async (place: Locator) => (await place.boundingBox())?.y ?? 0
      const title = page.getByRole('heading', { name: 'billing', exact: true })
      const remove = page.getByRole('main').getByRole('button', { name: 'Delete…' })
      await expect.poll(async () => Math.abs((await top(title)) - (await top(remove)))).toBeLessThan(10)
      const facts = page.locator('main header').getByText(/ members?( ·|$)/)
      expect((await top(facts)) - (await top(title))).toBeGreaterThan(15)
      await expect.poll(() => facts.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0)
      await visit(page, 'topics/orders/messages')
      await page.getByRole('button', { name: 'Produce' }).click()
      const dialog = page.getByRole('dialog', { name: 'Produce a message' })
      await dialog.getByRole('button', { name: 'Send' }).waitFor()
      await expect.poll(() => dialog.evaluate((box) => box.scrollHeight - box.clientHeight)).toBe(0)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await page.setViewportSize({ width: 1280, height: 800 })
    },
  )

  itNeeds(needs, 'beside an open message of several topics the value keeps its room in a small window', async () => {
    await page.setViewportSize({ width: 1000, height: 640 })
    await visit(page, 'messages?from=oldest')
    const grid = page.getByRole('grid', { name: 'Messages' })
    await grid.getByRole('columnheader', { name: 'Topic' }).waitFor()
    await grid.getByText('tea', { exact: true }).first().click()
    // The pane says what the list has no room for.
    await page.getByRole('complementary').getByRole('link', { name: 'orders' }).waitFor()
    await grid.getByRole('columnheader', { name: 'Topic' }).waitFor({ state: 'detached' })
    await expect.poll(() => grid.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    const value = await grid.getByRole('columnheader', { name: 'Value' }).boundingBox()
    expect(value?.width).toBeGreaterThanOrEqual(180)
    await page.keyboard.press('Escape')
    await grid.getByRole('columnheader', { name: 'Topic' }).waitFor()
  })

  itNeeds(needs, 'the legend of the partitions of a group is whole in a small window', async () => {
    await visit(page, 'groups/billing')
    const legend = page.getByText('fetch position', { exact: false }).first()
    await legend.waitFor()
    await expect.poll(() => legend.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByText('Earliest', { exact: true }).waitFor()
    await expect.poll(() => legend.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  })

  itNeeds(needs, 'what has come since the newest messages were read is told below them, and moves no row', async () => {
    await visit(page, 'topics/mails')
    await page.getByText('of 0 scanned').waitFor()
    const grid = page.getByRole('grid', { name: 'Messages' })
    const before = await grid.boundingBox()
    const producer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    await producer.send({ topic: 'mails', messages: [{ value: 'hello' }] })
    await producer.disconnect()
    const told = page.getByRole('button', { name: '▲ 1 new message: show' })
    const place = await told.boundingBox()
    expect(place?.y).toBeGreaterThanOrEqual((before?.y ?? 0) + (before?.height ?? 0))
    expect(await grid.boundingBox()).toEqual(before)
    await told.click()
    await grid.getByText('hello', { exact: true }).waitFor()
    await told.waitFor({ state: 'detached' })
  })

  for (const language of ['C', '', 'en_US.UTF-8']) {
    itNeeds(needs, `the pages open in a browser whose language is “${language}”`, async () => {
      const other = await browser.newPage()
      const problems: string[] = []
      other.on('pageerror', (error) => problems.push(error.message))
      await other.addInitScript((given) => {
        Object.defineProperty(Navigator.prototype, 'language', { get: () => given, configurable: true })
      }, language)
      await other.goto(broker.ready.ui ?? '')
      await other.getByRole('heading', { name: 'Kafka is running' }).waitFor()
      await visit(other, 'groups/billing')
      await other.getByRole('heading', { name: 'billing' }).waitFor()
      expect(problems).toEqual([])
      await other.close()
    })
  }
})
