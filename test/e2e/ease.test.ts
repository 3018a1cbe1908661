import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { chromiumPath, visit } from './page-host'

const inBrowser = [chromiumPath ? {} : { missing: 'no chromium' }]

let broker: BrokerProcess
let browser: Browser
let page: Page

beforeAll(async () => {
  if (!chromiumPath) return
  broker = await BrokerProcess.start({ ui: true, memory: true })
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  await producer.connect()
  for (const topic of ['audit', 'orders']) await producer.send({ topic, messages: [{ key: 'k', value: 'v' }] })
  await producer.send({ topic: 'two', messages: [{ value: 'first' }, { value: 'second' }] })
  await producer.disconnect()
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({
    topics: [
      { topic: 'very-large', numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '5000000' }] },
    ],
  })
  await admin.setOffsets({ groupId: 'billing', topic: 'orders', partitions: [{ partition: 0, offset: '1' }] })
  await admin.disconnect()
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(broker.ready.ui ?? '')
})
afterAll(async () => {
  await browser?.close()
  await broker?.dispose()
})

const isFocused = (role: 'grid' | 'searchbox') =>
  page.evaluate((wanted) => {
    const focused = document.activeElement
    return wanted === 'grid'
      ? focused?.getAttribute('role') === 'grid'
      : focused?.matches('input[type=search]') === true
  }, role)

const palette = async (search: string, name: string) => {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(search)
  await page.getByRole('option', { name, exact: true }).waitFor()
  await page.keyboard.press('Enter')
}

describe('keyboard', () => {
  itNeeds(inBrowser, 'after a navigation the table has the focus, and its keys work at once', async () => {
    await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    await page.keyboard.press('Control+2')
    await page.getByRole('gridcell', { name: 'orders', exact: true }).waitFor()
    await expect.poll(() => isFocused('grid')).toBe(true)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'orders' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Topics', exact: true }).waitFor()
    await expect.poll(() => isFocused('grid')).toBe(true)
    await page.keyboard.press('/')
    await expect.poll(() => isFocused('searchbox')).toBe(true)
    await page.keyboard.type('aud')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => isFocused('grid')).toBe(true)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'audit' }).waitFor()
  })

  itNeeds(inBrowser, 'the name of a topic is a link that opens it', async () => {
    await visit(page, 'topics')
    await page.getByRole('link', { name: 'orders', exact: true }).click()
    await page.getByRole('heading', { name: 'orders' }).waitFor()
  })

  itNeeds(inBrowser, 'the palette creates topics, produces, resets offsets and pauses a live view', async () => {
    await palette('create', 'Create topic…')
    await page.getByRole('dialog', { name: 'Create topic' }).getByLabel('Name').waitFor()
    await page.keyboard.press('Escape')
    await palette('produce to orders', 'Produce to orders…')
    await page.getByRole('dialog', { name: 'Produce a message' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByLabel('Start from').selectOption('live')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await palette('pause', 'Pause or resume the live view')
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('p')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await palette('reset offsets', 'Reset offsets of billing…')
    await page.getByRole('slider').first().waitFor()
  })
})

itNeeds(inBrowser, 'a page of messages watches the names of topics, and none of their figures', async () => {
  const other = await browser.newPage()
  const watched: string[] = []
  other.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const { kind, name } = JSON.parse(String(payload)) as { readonly kind: string; readonly name?: string }
      if (kind === 'open' && name) watched.push(name)
    }),
  )
  await other.goto(broker.ready.ui ?? '')
  for (const place of ['messages', 'topics/two/messages']) {
    await visit(other, place)
    await other.getByRole('gridcell').getByText('second', { exact: true }).waitFor()
  }
  await other.getByRole('button', { name: 'Produce' }).click()
  await other.getByRole('dialog').getByLabel('Value', { exact: true }).waitFor()
  expect(watched).toContain('topics.names')
  expect(watched).not.toContain('topics')
  await other.close()
})

itNeeds(
  inBrowser,
  'while another message is on its way, what is shown of the last one is marked as not yet it',
  async () => {
    const other = await browser.newPage()
    let isHeld = false
    let goOn = () => {}
    await other.routeWebSocket(/wire/, (socket) => {
      const server = socket.connectToServer()
      socket.onMessage((message) => {
        if (isHeld && message.includes('messages.detail')) goOn = () => server.send(message)
        else server.send(message)
      })
    })
    await other.goto(broker.ready.ui ?? '')
    await visit(other, 'topics/two/messages')
    const shown = (isBusy: boolean) => other.getByRole('complementary').locator(`[aria-busy="${isBusy}"]`)
    const row = (value: string) => other.getByRole('gridcell').getByText(value, { exact: true })
    await row('first').click()
    await shown(false).getByText('first').waitFor()
    isHeld = true
    await row('second').click()
    await shown(true).getByText('first').waitFor()
    goOn()
    await shown(false).getByText('second').waitFor()
    await other.close()
  },
)

itNeeds(inBrowser, 'the palette finds settings by name, and goes to the one that is chosen', async () => {
  await visit(page, 'topics')
  await palette('partitions', 'num.partitions')
  await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor()
  await page.getByLabel('num.partitions', { exact: true }).waitFor()
  await expect.poll(() => page.getByLabel('Find a setting').inputValue()).toBe('num.partitions')
  // From a search of the settings to another of them.
  await palette('save a', 'Save a copy')
  await page.getByLabel('Path of the copy').waitFor()
  await page.getByLabel('num.partitions', { exact: true }).waitFor({ state: 'detached' })
  // What does not name a setting lists none.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('orders')
  await page.getByRole('option', { name: 'orders', exact: true }).waitFor()
  expect(await page.getByRole('listbox').getByText('Settings', { exact: true }).count()).toBe(0)
  await page.keyboard.press('Escape')
})

/** Presses Esc and then Ctrl+K before anything else can run, and comes back when both have had their effects. */
const escapeThenSearch = () =>
  page.evaluate(async () => {
    const press = (init: KeyboardEventInit) =>
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }),
      )
    press({ key: 'Escape' })
    // What is closed by it is gone after the microtasks; the focus is given back in a timer.
    for (let i = 0; i < 20; i++) await Promise.resolve()
    press({ key: 'k', ctrlKey: true })
    await new Promise((resolve) => requestIdleCallback(resolve))
  })

describe('Esc and the palette', () => {
  const search = () => page.getByPlaceholder('Search topics, groups, pages and actions…')
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const isSearchFocused = () => search().evaluate((field) => field === document.activeElement)
  const opens: Readonly<Record<string, () => Promise<unknown>>> = {
    'a dialog': () => button('Produce').click(),
    'a menu': () => button('Actions').click(),
    'a popover': () => button('View').click(),
    'a menu of a row': () => page.getByRole('gridcell').getByText('first').click({ button: 'right' }),
  }
  for (const [name, open] of Object.entries(opens)) {
    itNeeds(inBrowser, `the palette opens right after Esc has closed ${name}, and keeps the focus`, async () => {
      await visit(page, 'topics/two/messages')
      await page.getByRole('gridcell').getByText('first').waitFor()
      await open()
      await page.locator('[role=dialog], [role=menu]').waitFor()
      await escapeThenSearch()
      await expect.poll(() => isSearchFocused()).toBe(true)
      await page.keyboard.press('Escape')
      await search().waitFor({ state: 'detached' })
    })
  }

  itNeeds(
    inBrowser,
    'a dialog keeps the focus from the palette, and gives it back to the button that opened it',
    async () => {
      await visit(page, 'topics/two/messages')
      await button('Produce').click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Value', { exact: true }).fill('draft')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('s')
      expect(await dialog.getByLabel('Value', { exact: true }).inputValue()).toBe('drafts')
      expect(await search().count()).toBe(0)
      await page.keyboard.press('Escape')
      await dialog.getByRole('button', { name: 'Discard' }).click()
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => button('Produce').evaluate((one) => one === document.activeElement)).toBe(true)
      // From a menu, the button of the menu.
      await button('Actions').click()
      await page.getByRole('menuitem', { name: 'Purge…' }).click()
      await dialog.waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => button('Actions').evaluate((one) => one === document.activeElement)).toBe(true)
    },
  )
})

describe('forms', () => {
  itNeeds(
    inBrowser,
    'an error stands in its form, a click outside keeps the form, Esc asks before it discards',
    async () => {
      await visit(page, 'topics')
      await page.getByRole('button', { name: 'Create topic' }).click()
      const dialog = page.getByRole('dialog', { name: 'Create topic' })
      await dialog.getByLabel('Name').fill('orders')
      await dialog.getByRole('button', { name: 'Create', exact: true }).click()
      await dialog
        .getByRole('alert')
        .getByText(/orders already exists/)
        .waitFor()
      await page.mouse.click(4, 4)
      expect(await dialog.getByLabel('Name').inputValue()).toBe('orders')
      await page.keyboard.press('Escape')
      await dialog.getByText('Discard what you typed?').waitFor()
      await dialog.getByRole('button', { name: 'Keep editing' }).click()
      await page.keyboard.press('Escape')
      await dialog.getByRole('button', { name: 'Discard' }).click()
      await dialog.waitFor({ state: 'detached' })
    },
  )

  itNeeds(inBrowser, 'a message that was typed and not sent is there when the form is opened again', async () => {
    await visit(page, 'topics/orders')
    await page.getByRole('button', { name: 'Produce' }).click()
    await page.getByLabel('Value', { exact: true }).fill('{"total": 12')
    await page.getByText('not valid JSON').waitFor()
    await page.getByLabel('Value', { exact: true }).fill('{"total":12}')
    await page.getByRole('button', { name: 'Format JSON' }).click()
    await page.getByRole('button', { name: 'Close' }).click()
    await visit(page, 'home')
    await visit(page, 'topics/orders')
    await page.getByRole('button', { name: 'Produce' }).click()
    await expect.poll(() => page.getByLabel('Value', { exact: true }).inputValue()).toBe('{\n  "total": 12\n}')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Produce' }).click()
    await expect.poll(() => page.getByLabel('Value', { exact: true }).inputValue()).toBe('')
    await page.getByRole('button', { name: 'Close' }).click()
  })

  itNeeds(inBrowser, 'a notice is dismissed over a dialog, and the dialog stays', async () => {
    await visit(page, 'groups/billing/reset')
    const chooser = page.getByLabel('File of topic,partition,offset')
    const notice = page.getByText('Line 1 is not in the form topic,partition,offset')
    const wrong = { name: 'offsets.csv', mimeType: 'text/csv', buffer: Buffer.from('nonsense\n') }
    // The same error twice is one notice with a count.
    await chooser.setInputFiles(wrong)
    await notice.waitFor()
    await chooser.setInputFiles(wrong)
    await notice.getByText('× 2').waitFor()
    expect(await notice.count()).toBe(1)
    await visit(page, 'topics/orders')
    await page.getByRole('button', { name: 'Produce' }).click()
    await page.getByLabel('Value', { exact: true }).fill('draft')
    await notice.locator('..').getByLabel('Dismiss').click()
    await notice.waitFor({ state: 'detached' })
    expect(await page.getByLabel('Value', { exact: true }).inputValue()).toBe('draft')
    await page.getByRole('button', { name: 'Close' }).click()
  })

  itNeeds(inBrowser, 'a topic without messages says so, instead of that nothing matches', async () => {
    await visit(page, 'topics/audit')
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Purge…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click()
    await page.getByText('Purged audit.').waitFor()
    await visit(page, 'home')
    await visit(page, 'topics/audit')
    await page.getByText('No messages yet.').waitFor()
    await page.getByLabel('Find', { exact: true }).fill('anything')
    await page.getByText('No matching messages.').waitFor()
  })

  itNeeds(
    inBrowser,
    'the time of a reset is read in the zone that the app shows, and impossible dates are rejected',
    async () => {
      const zone = page.getByTitle(/^Times: local, UTC/)
      while ((await zone.textContent()) !== 'UTC') await zone.click()
      await visit(page, 'groups/billing/reset')
      await page.getByRole('radio', { name: 'Time…' }).check({ force: true })
      await page.getByLabel('Time', { exact: true }).fill('2026-02-30 10:00')
      await page.getByText(/^Not a time\./).waitFor()
      await page.getByText('Enter a date and a time.').waitFor()
      await page.getByLabel('Time', { exact: true }).fill('2001-02-03 10:00')
      await page.getByText('2001-02-03T10:00:00').waitFor()
      await page.getByText('1 message replayed').waitFor()
    },
  )

  itNeeds(
    inBrowser,
    'configs show what their numbers mean, changed ones first, and are set back to the default',
    async () => {
      await visit(page, 'topics/orders/config')
      await page.getByRole('row').filter({ hasText: 'max.message.bytes' }).click()
      const pane = page.getByRole('complementary', { name: 'max.message.bytes' })
      await pane.getByLabel('Value').fill('many')
      await pane.getByText('Enter bytes, or a size such as 1 GiB').waitFor()
      await expect.poll(() => pane.getByRole('button', { name: 'Set' }).isDisabled()).toBe(true)
      await pane.getByLabel('Value').fill('-5')
      await pane.getByText('Enter bytes, or a size such as 1 GiB').waitFor({ state: 'detached' })
      await pane.getByRole('button', { name: 'Set' }).click()
      await pane.getByRole('alert').waitFor()
      await pane.getByLabel('Value').fill('2000000')
      await pane.getByText('2.0 MB').waitFor()
      await pane.getByRole('button', { name: 'Set' }).click()
      const first = page.getByRole('grid').locator('[role=rowgroup] [role=row]').first()
      await first.getByText('max.message.bytes').waitFor()
      await first.getByText('this topic').waitFor()
      await page.getByLabel('changed only').check()
      await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('2')
      await pane.getByRole('button', { name: 'Reset to default' }).click()
      await page.getByText('No matching configs.').waitFor()
    },
  )
})

describe('copying', () => {
  itNeeds(inBrowser, 'a value that is too long to show is copied in full; as JSON it is refused, not cut', async () => {
    const producer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    const value = 'long '.repeat(500_000)
    await producer.send({ topic: 'very-large', messages: [{ key: 'k', value }] })
    await producer.disconnect()
    await page.evaluate(() => {
      navigator.clipboard.write = async ([item]) => {
        const blob = await item?.getType('text/plain')
        Object.assign(window, { copied: await blob?.text() })
      }
    })
    await visit(page, 'topics/very-large')
    const copy = async (item: string) => {
      await page.getByRole('gridcell').getByText('k', { exact: true }).click({ button: 'right' })
      await page.getByRole('menuitem', { name: item }).click()
    }
    await copy('Copy value')
    await page.getByText('Copied the value.').waitFor()
    expect(await page.evaluate(() => (window as unknown as { copied: string }).copied.length)).toBe(value.length)
    await copy('Copy as JSON')
    await page.getByText(/^Nothing was copied/).waitFor()
  })
})
