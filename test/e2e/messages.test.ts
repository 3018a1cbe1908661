import { Kafka, logLevel, type Producer } from 'kafkajs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { type PageHost, pageHosts, visit as visitOn } from './page-host'

const hourMs = 3_600_000

/** More than two pages of a view. */
const many = 2500

for (const kind of pageHosts) {
  describe(`messages ${kind.name}`, () => {
    let host: PageHost
    let page: Page
    let producer: Producer
    const visit = (place: string) => visitOn(page, place)
    const grid = (name = 'Messages') => page.getByRole('grid', { name })
    const firstRow = () => grid().locator('[role=rowgroup] [role=row]').first()
    const cell = (text: string | RegExp) => page.getByRole('gridcell').getByText(text, { exact: true })
    const said = (text: string | RegExp) => page.locator('[aria-live=polite]', { hasText: text }).waitFor()
    /** Opens a view from another page, so that it starts fresh. */
    const reopened = async (place: string) => {
      await visit('home')
      await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
      await visit(place)
    }
    const send = (values: readonly string[], partition = 0) =>
      producer.send({ topic: 'now', messages: values.map((value) => ({ value, partition })) })

    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      page = host.page
      const kafka = new Kafka({ brokers: [host.address], logLevel: logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      const topics = [
        { topic: 'many', numPartitions: 3 },
        { topic: 'now', numPartitions: 1 },
        { topic: 'tx', numPartitions: 1 },
      ]
      await admin.createTopics({ topics })
      for (const groupId of ['a-group', 'b-group', 'c-group']) {
        await admin.setOffsets({ groupId, topic: 'many', partitions: [{ partition: 0, offset: '10' }] })
      }
      await admin.disconnect()
      producer = kafka.producer()
      await producer.connect()
      // The first half two hours ago, the second half one minute ago; one record per millisecond.
      const now = Date.now()
      const at = (i: number) => (i < many / 2 ? now - 2 * hourMs : now - 60_000) + i
      for (let first = 0; first < many; first += 500) {
        const messages = Array.from({ length: 500 }, (_, i) => ({
          partition: (first + i) % 3,
          key: `key-${first + i}`,
          value: JSON.stringify({ n: first + i, large: '#' }).replace('"#"', '9007199254740993'),
          timestamp: String(at(first + i)),
        }))
        await producer.send({ topic: 'many', messages })
      }
      const transactional = kafka.producer({ transactionalId: 'orders-tx', maxInFlightRequests: 1, idempotent: true })
      await transactional.connect()
      for (const isKept of [true, false, true]) {
        const transaction = await transactional.transaction()
        await transaction.send({ topic: 'tx', messages: [{ value: isKept ? 'kept' : 'aborted one' }] })
        await (isKept ? transaction.commit() : transaction.abort())
      }
      await transactional.disconnect()
      await page.evaluate(() => {
        const real = navigator.clipboard.writeText.bind(navigator.clipboard)
        navigator.clipboard.writeText = (text) => {
          Object.assign(window, { copied: text })
          return real(text)
        }
        // What is read first is handed over as a promise.
        navigator.clipboard.write = async ([item]) => {
          const blob = await item?.getType('text/plain')
          Object.assign(window, { copied: await blob?.text() })
        }
      })
      if (kind.name === 'in a browser') await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    })
    afterAll(async () => {
      await producer?.disconnect()
      await host?.close()
    })

    const copied = () => page.evaluate(() => (window as unknown as { copied: string }).copied)

    itNeeds([kind.needs], 'scrolling leads from the newest message to the oldest', async () => {
      await visit('topics/many')
      await cell(`key-${many - 1}`).waitFor()
      await said('1,000 of 1,000 scanned so far')
      await said('more below')
      await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('1001')
      await expect
        .poll(
          () =>
            grid().evaluate((box) => {
              box.scrollTop = box.scrollHeight
              return box.getAttribute('aria-rowcount')
            }),
          { timeout: 10_000 },
        )
        .toBe(String(many + 1))
      await cell('key-0').waitFor()
      await said('2,500 of 2,500 scanned')
      await said('complete')
      await grid().focus()
      await page.keyboard.press('Home')
      await cell(`key-${many - 1}`).waitFor()
    })

    itNeeds(
      [kind.needs],
      'keys move the cursor, Enter opens a message, and the next message keeps the tab',
      async () => {
        await reopened('topics/many')
        await cell(`key-${many - 1}`).waitFor()
        await grid().focus()
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('ArrowDown')
        await expect.poll(() => page.getByRole('complementary').count()).toBe(0)
        await page.keyboard.press('Enter')
        const pane = page.getByRole('complementary')
        await pane.getByText('9007199254740993', { exact: true }).waitFor()
        await pane.getByRole('tab', { name: 'Metadata' }).click()
        await cell(`key-${many - 3}`).click()
        await page.keyboard.press('ArrowDown')
        const [, , next] = [many - 1, many - 2, many - 4]
        await expect.poll(() => pane.textContent()).toContain(`Partition${next % 3}Offset${Math.floor(next / 3)}`)
        await expect.poll(() => pane.getByRole('tab', { name: 'Metadata' }).getAttribute('aria-selected')).toBe('true')
        // The cursor's row exists, however far one scrolls, and the focus stays.
        await grid().evaluate((box) => {
          box.scrollTop = 10_000
        })
        const named = await grid().getAttribute('aria-activedescendant')
        expect(await page.evaluate((id) => document.getElementById(id)?.getAttribute('role'), named ?? '')).toBe('row')
        await expect.poll(() => grid().evaluate((box) => document.activeElement === box)).toBe(true)
        await page.keyboard.press('Escape')
        await expect.poll(() => page.getByRole('complementary').count()).toBe(0)
        await page.keyboard.press('/')
        await expect
          .poll(() => page.getByLabel('Find', { exact: true }).evaluate((field) => field === document.activeElement))
          .toBe(true)
        await grid().focus()
        await page.keyboard.press('Escape')
        await page.getByRole('heading', { name: 'Topics', exact: true }).waitFor()
      },
    )

    itNeeds([kind.needs], 'the menu of a row copies its parts, and leads to the messages around it', async () => {
      await reopened('topics/many')
      await cell('key-2499').click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Copy as JSON' }).click()
      await page.getByText('Copied the message.').waitFor()
      expect(await copied()).toContain('"offset":833,')
      expect(await copied()).toContain('"key":"key-2499"')
      expect(await copied()).toContain('"large":9007199254740993')
      await grid().focus()
      await page.keyboard.press('Shift+F10')
      await page.getByRole('menuitem', { name: 'Copy key' }).click()
      await page.getByText('Copied the key.').waitFor()
      expect(await copied()).toBe('key-2499')
      await cell('key-2490').click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'From here: partition 0, offset 830' }).click()
      await expect.poll(() => firstRow().textContent()).toContain('key-2490')
      await said('4 of 4 scanned')
      await page.getByRole('button', { name: 'Partition 0' }).waitFor()
    })

    itNeeds([kind.needs], 'a time span is chosen from the menu, typed, or selected by keys', async () => {
      await reopened('topics/many')
      await page.getByLabel('Start from').selectOption('Last hour')
      await expect.poll(() => firstRow().textContent()).toContain('key-1250')
      await page.getByLabel('From time').fill('2001-01-01')
      await expect.poll(() => firstRow().textContent()).toContain('key-0')
      await page.getByLabel('From time').fill('soon')
      await expect.poll(() => page.getByLabel('From time').getAttribute('aria-invalid')).toBe('true')
      await page.getByLabel('Until time').fill(String(Math.floor((Date.now() - hourMs) / 1000)))
      await page.getByLabel('From time').fill('')
      await expect.poll(() => firstRow().textContent()).toContain('key-0')
      await page.getByLabel('Start from').selectOption('newest')
      await page.getByLabel('Start from').selectOption('time')
      await expect.poll(() => page.getByLabel('Until time').inputValue()).not.toBe('')
      await page.getByLabel('Start from').selectOption('newest')
      const bars = page.getByRole('slider', { name: 'Messages over time' })
      await bars.focus()
      await page.keyboard.press('End')
      await page.keyboard.press('Shift+ArrowLeft')
      await expect.poll(() => bars.getAttribute('aria-valuetext')).toMatch(/^1,250 messages from /)
      await page.keyboard.press('Enter')
      await expect.poll(() => firstRow().textContent()).toContain('key-1250')
      await page.getByRole('button', { name: 'Show all times' }).click()
      await expect.poll(() => firstRow().textContent()).toContain('key-2499')
    })

    itNeeds(
      [kind.needs],
      'partitions are chosen by boxes or typed, also of several topics, and the histogram follows',
      async () => {
        await reopened('messages')
        const bars = page.getByRole('slider', { name: 'Messages over time' })
        await expect.poll(() => bars.getAttribute('aria-valuetext')).toMatch(/^2,50\d messages/)
        await page.getByRole('button', { name: 'All partitions' }).click()
        await page.getByRole('textbox', { name: 'Partitions' }).fill('1-2')
        await expect.poll(() => bars.getAttribute('aria-valuetext')).toMatch(/^1,666 messages/)
        await page.getByLabel('Partition 1').uncheck()
        await page.keyboard.press('Escape')
        await page.getByRole('button', { name: 'Partition 2' }).waitFor()
        await said('833 of')
        await expect.poll(() => page.evaluate(() => location.hash)).toContain('partitions=2')
      },
    )

    itNeeds([kind.needs], 'in a live view the visible rows stay in place, and a pause loses nothing', async () => {
      await reopened('topics/now?from=live')
      await page.getByText('Waiting for messages').waitFor()
      await send(Array.from({ length: 60 }, (_, i) => `first ${i}`))
      await cell('first 59').waitFor()
      await grid().evaluate((box) => {
        box.scrollTop = 28 * 20
      })
      await cell('first 39').waitFor()
      // The page has seen that it was scrolled: the rows above are not drawn any more.
      await cell('first 59').waitFor({ state: 'detached' })
      const before = await cell('first 39').boundingBox()
      await send(Array.from({ length: 30 }, (_, i) => `second ${i}`))
      const pill = page.getByRole('button', { name: '▲ 30 new' })
      await pill.waitFor()
      const [list, told] = [await grid().boundingBox(), await pill.boundingBox()]
      expect(told?.y).toBeGreaterThanOrEqual((list?.y ?? 0) + (list?.height ?? 0))
      expect((await cell('first 39').boundingBox())?.y).toBe(before?.y)
      await pill.click()
      await cell('second 29').waitFor()
      await expect.poll(() => page.getByRole('button', { name: /▲/ }).count()).toBe(0)
      await page.getByRole('button', { name: 'Pause' }).click()
      await send(['third 0', 'third 1'])
      await page.getByRole('button', { name: 'Resume (▲ 2 new)' }).click()
      await cell('third 1').waitFor()
      await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('93')
    })

    itNeeds([kind.needs], 'a link opens its message, and an address restores its view', async () => {
      await reopened('topics/many')
      await page.getByLabel('Find', { exact: true }).fill('key-1234')
      await cell('key-1234').click()
      await page.getByRole('button', { name: 'Copy a link' }).click()
      await page.getByText('Copied the link.').waitFor()
      const link = await copied()
      if (kind.name === 'in a browser') {
        const opened = page.context().waitForEvent('page')
        // A tab of its own: nothing is handed over to it.
        await page.evaluate((address) => window.open(address, '_blank', 'noopener'), link)
        const other = await opened
        await other.getByRole('complementary', { name: 'Message 411 of partition 1' }).waitFor()
        await other.getByRole('row', { selected: true }).getByText('key-1234').waitFor()
        await other.close()
      } else expect(link).toBe('ottla://topics/many/messages?partition=1&offset=411')
      const address = new URL(page.url()).hash.slice(2)
      await reopened(address)
      await page.getByRole('complementary', { name: 'Message 411 of partition 1' }).waitFor()
      expect(await page.getByLabel('Find', { exact: true }).inputValue()).toBe('key-1234')
      await reopened('topics/many/messages?partition=1&offset=5')
      await page.getByRole('complementary', { name: 'Message 5 of partition 1' }).waitFor()
      await page.getByRole('tab', { name: 'Consumed' }).click()
      await page.getByText('No group consumes this partition.').waitFor()
      await reopened('topics/50%/messages')
      await page.getByText('Topic 50% does not exist.').waitFor()
    })

    itNeeds([kind.needs], 'rows show their transaction, and the offsets before them that have no record', async () => {
      await reopened('topics/tx')
      await cell('aborted one').waitFor()
      const aborted = grid().getByRole('row', { name: 'aborted one' })
      await aborted.getByRole('img', { name: 'Written by an aborted transaction' }).waitFor()
      await aborted.getByRole('img', { name: 'offset 3: 1 transaction marker' }).waitFor()
      await aborted.click()
      await page.getByRole('tab', { name: 'Metadata' }).click()
      await page.getByText('aborted, orders-tx').waitFor()
      await page.getByRole('button', { name: 'View', exact: true }).click()
      await page.getByLabel('Isolation').selectOption('committed')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'read_committed' }).waitFor()
      await grid().getByRole('img', { name: 'offsets 1–3: 2 transaction markers, 1 of aborted transactions' }).waitFor()
    })

    itNeeds([kind.needs], 'a JavaScript filter completes names and the fields of values', async () => {
      await reopened('topics/many')
      await cell('key-2499').waitFor()
      await page.getByLabel('Filter by').selectOption('script')
      const filter = page.getByRole('textbox', { name: 'JavaScript filter' })
      await filter.waitFor()
      await grid().focus()
      await page.keyboard.press('/')
      await page.keyboard.type('value?.')
      await page.getByRole('option', { name: 'large' }).waitFor()
      await page.getByRole('option', { name: 'n', exact: true }).waitFor()
      await page.keyboard.type('n === 7 && partit')
      await page.getByRole('option', { name: 'partitionID' }).waitFor()
      await page.keyboard.press('Escape')
      await filter.fill('value?.n === 7 && partition === 1')
      await page.keyboard.press('Enter')
      await said('1 of 2,500 scanned')
      expect(await accessibilityProblems(page)).toEqual([])
    })

    itNeeds([kind.needs], 'conditions are completed, hold together, and come from a field of a message', async () => {
      await reopened('topics/many')
      await page.getByLabel('Filter by').selectOption('Conditions')
      const field = page.getByRole('combobox', { name: 'Conditions' })
      await field.fill('-value.n')
      await page.getByRole('option', { name: 'does not match' }).click()
      await expect.poll(() => field.inputValue()).toBe('-value.n~')
      await field.fill('-value.n~. key~^key-1?7$')
      await page.getByText('No matching messages.').waitFor()
      await field.fill('value.n>6 key~^key-1?7$')
      await expect.poll(() => grid().locator('[role=rowgroup] [role=row]').count()).toBe(2)
      await field.press('Escape')
      await firstRow().dblclick()
      const tree = page.getByRole('tree', { name: 'JSON' })
      await tree.getByRole('treeitem').filter({ hasText: 'n: 17' }).click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Exclude n = 17' }).click()
      await expect.poll(() => field.inputValue()).toBe('value.n>6 key~^key-1?7$ -value.n=17')
      await expect.poll(() => grid().locator('[role=rowgroup] [role=row]').count()).toBe(1)
      await cell('key-7').waitFor()
      await field.fill('key~(')
      // It is told under the field, as its description, and not once more in the list.
      const problem = page.getByRole('alert').getByText('The regular expression “(” is not valid (RE2)')
      await problem.waitFor()
      expect(await problem.getAttribute('id')).toBe(await field.getAttribute('aria-describedby'))
      await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
      await page.getByText('No messages: a condition of the filter makes no sense.').waitFor()
      await field.fill('key~^key-(7)$')
      await cell('key-7').waitFor()
      await expect.poll(() => field.getAttribute('aria-invalid')).toBe(null)
      await expect.poll(() => problem.count()).toBe(0)
      await visit('home')
    })

    itNeeds([kind.needs], 'two messages are compared, and the comparison can be ended', async () => {
      await reopened('topics/many')
      await cell('key-2499').click()
      await page.getByRole('button', { name: 'Compare with the next' }).click()
      await cell('key-2498').click()
      await page.getByRole('tab', { name: 'Diff' }).click()
      await page.getByText('+ key key-2498').waitFor()
      await page.getByRole('button', { name: 'Stop comparing' }).click()
      await expect.poll(() => page.getByRole('tab', { name: 'Diff' }).count()).toBe(0)
    })

    itNeeds([kind.needs], 'columns are chosen and resized, and so is the pane', async () => {
      await reopened('topics/many')
      await cell('key-2499').click()
      const width = async () => (await page.getByRole('complementary').boundingBox())?.width ?? 0
      const before = await width()
      await page.getByRole('separator', { name: /Width of/ }).focus()
      await page.keyboard.press('ArrowLeft')
      await expect.poll(width).toBe(before + 24)
      await page.keyboard.press('ArrowRight')
      await page.getByRole('button', { name: 'View', exact: true }).click()
      await page.getByRole('checkbox', { name: 'Headers' }).uncheck()
      await page.keyboard.press('Escape')
      await expect.poll(() => page.getByRole('columnheader', { name: 'Headers' }).count()).toBe(0)
      await page.getByRole('complementary').waitFor()
      await page.getByRole('button', { name: 'View', exact: true }).click()
      await page.getByRole('checkbox', { name: 'Headers' }).check()
      await page.keyboard.press('Escape')
      const edge = async (name: string) => (await page.getByRole('columnheader', { name }).boundingBox()) ?? null
      const key = await edge('Key')
      if (!key) throw new Error('there is no heading')
      await page.mouse.move(key.x + key.width + 6, key.y + 8)
      await page.mouse.down()
      await page.mouse.move(key.x + key.width + 66, key.y + 8, { steps: 4 })
      await page.mouse.up()
      await expect.poll(async () => Math.round(((await edge('Key'))?.width ?? 0) - key.width)).toBe(60)
      await page.mouse.dblclick(key.x + key.width + 66, key.y + 8)
      await expect.poll(async () => (await edge('Key'))?.width).toBe(key.width)
      // The heading goes along when the columns are scrolled sideways.
      await grid().evaluate((box) => {
        box.scrollLeft = 120
      })
      const apart = async () => {
        const [head, body] = await Promise.all([
          page.getByRole('columnheader', { name: 'Key' }).boundingBox(),
          cell('key-2499').boundingBox(),
        ])
        return Math.abs((head?.x ?? 0) - (body?.x ?? 1000))
      }
      await expect.poll(apart).toBeLessThan(2)
    })

    itNeeds([kind.needs], 'one click shows all times in UTC, the next one as numbers', async () => {
      await reopened('topics/many')
      await cell('key-2499').waitFor()
      const zone = page.getByTitle(/^Times: local, UTC/)
      await zone.click()
      await expect.poll(() => zone.textContent()).toBe('UTC')
      await zone.click()
      await firstRow()
        .getByText(/^\d{13}$/)
        .waitFor()
      await page
        .getByText(/^\d{13}$/)
        .first()
        .waitFor()
      await page.getByLabel('Start from').selectOption('Last hour')
      await expect.poll(() => page.getByLabel('From time').inputValue()).toMatch(/^\d{13}$/)
      await zone.click()
      await expect.poll(() => page.getByLabel('From time').inputValue()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d/)
    })

    itNeeds([kind.needs], 'keys open a group, and Esc goes back to the list', async () => {
      await visit('groups')
      await cell('b-group').waitFor()
      await grid('Groups').focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.getByRole('heading', { name: 'Groups', exact: true }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'b-group' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'Groups', exact: true }).waitFor()
    })

    itNeeds([kind.needs], 'topics are marked by their boxes', async () => {
      await visit('topics')
      await page.getByRole('checkbox', { name: 'Mark many' }).click()
      await page.getByRole('checkbox', { name: 'Mark now' }).click()
      await page.getByText('2 topics', { exact: true }).first().waitFor()
      await expect.poll(() => grid('Topics').evaluate((box) => document.activeElement === box)).toBe(true)
      await page.getByRole('checkbox', { name: 'Mark all' }).click()
      await page.getByText('3 topics', { exact: true }).first().waitFor()
    })

    itNeeds(
      [kind.needs],
      'an empty choice of topics is possible, and a new topic does not restart the view',
      async () => {
        await reopened('messages/many')
        await page.getByRole('button', { name: '1 of 3 topics' }).click()
        // The box shows what the address says, which is a moment later.
        await page.getByRole('checkbox', { name: 'many', exact: true }).click()
        await page.getByText('Choose a topic.').waitFor()
        await page.keyboard.press('Escape')
        await reopened('messages?from=live')
        await page.getByText('Waiting for messages').waitFor()
        await send(['before a new topic'])
        await cell('before a new topic').waitFor()
        await producer.send({ topic: 'late', messages: [{ value: 'of a new topic' }] })
        const added = page.getByRole('button', { name: '▲ 1 new topic' })
        await added.waitFor()
        expect(await cell('before a new topic').count()).toBe(1)
        await added.click()
        await page.getByText('Waiting for messages').waitFor()
        await producer.send({ topic: 'late', messages: [{ value: 'another of it' }] })
        await cell('another of it').waitFor()
      },
    )

    for (const theme of ['day', 'night'] as const) {
      itNeeds([kind.needs], `the pane, the menus and the table are accessible by ${theme}`, async () => {
        await page.emulateMedia({ colorScheme: theme === 'night' ? 'dark' : 'light', reducedMotion: 'reduce' })
        for (const tab of ['Value', 'Metadata', 'Consumed']) {
          await reopened('topics/tx?from=oldest')
          await cell('aborted one').click()
          await page.getByRole('tab', { name: tab }).click()
          expect({ tab, problems: await accessibilityProblems(page) }).toEqual({ tab, problems: [] })
        }
        await reopened('topics/many?from=time')
        await page.getByLabel('From time').waitFor()
        await cell('key-0').waitFor()
        expect(await accessibilityProblems(page)).toEqual([])
        expect(host.complaints).toEqual([])
      })
    }
  })
}
