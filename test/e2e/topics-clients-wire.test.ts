import { once } from 'node:events'
import { connect } from 'node:net'
import { type Kafka, Kafka as KafkaClient, logLevel, type Producer } from 'kafkajs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { pageList } from '../../src-main/contract/pages'
import { encodeRequest } from '../../src-main/protocol/frame'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { type PageHost, pageHosts, visit as visitOn } from './page-host'

interface Hidden {
  waiting: FrameRequestCallback[]
  frame: typeof requestAnimationFrame
}

/** As a page behind others: it draws no frames. */
async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    const hidden: Hidden = { waiting: [], frame: window.requestAnimationFrame }
    Object.assign(window, { hidden })
    window.requestAnimationFrame = (run) => hidden.waiting.push(run)
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
  })
}

/** Back in front: what waited for a frame gets it. */
async function show(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { hidden } = window as unknown as { hidden: Hidden }
    window.requestAnimationFrame = hidden.frame
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true })
    for (const run of hidden.waiting) run(performance.now())
    document.dispatchEvent(new Event('visibilitychange'))
  })
}

/** Sends so many small requests, and waits for their answers. */
async function knock(address: string, count: number): Promise<void> {
  const [host = '', port] = address.split(':')
  const request = Buffer.concat(encodeRequest('ApiVersions', 0, 1, 'knocker', {}))
  const length = Buffer.alloc(4)
  length.writeInt32BE(request.length)
  const socket = connect(Number(port), host)
  const one = Buffer.concat([length, request])
  let answers = 0
  let held = Buffer.alloc(0)
  socket.write(Buffer.concat(Array.from({ length: count }, () => one)))
  while (answers < count) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      held = held.subarray(4 + held.readInt32BE(0))
      answers++
    }
  }
  socket.destroy()
}

/** Topics, Clients, Transactions, Wire and Settings, each doing what it is for. */
for (const kind of pageHosts) {
  describe(`topics, clients, transactions, wire and settings ${kind.name}`, () => {
    let host: PageHost
    let page: Page
    let kafka: Kafka
    let producer: Producer
    const visit = (place: string) => visitOn(page, place)
    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      page = host.page
      kafka = new KafkaClient({ clientId: 'shop', brokers: [host.address], logLevel: logLevel.NOTHING })
      producer = kafka.producer({ retry: { retries: 0 } })
      await producer.connect()
      for (const topic of ['orders', 'payments']) {
        await producer.send({ topic, messages: [{ key: 'k', value: 'v' }] })
      }
    })
    afterAll(async () => {
      await producer?.disconnect()
      await host?.close()
    })

    itNeeds([kind.needs], 'a dialog adds partitions and explains what that means for keys', async () => {
      await visit('topics/orders/partitions')
      await page.getByRole('button', { name: 'Add partitions…' }).click()
      await page.getByText('Keys are distributed again').waitFor()
      await page.getByLabel('Total number of partitions').fill('1')
      await expect.poll(() => page.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true)
      await page.getByLabel('Total number of partitions').fill('4')
      await page.getByRole('button', { name: 'Add 3' }).click()
      await page.getByText('orders has 4 partitions.').waitFor()
    })

    itNeeds([kind.needs], 'records before an offset are deleted, after a look at what that takes away', async () => {
      await producer.send({ topic: 'spare', messages: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] })
      await visit('topics')
      await page.getByRole('gridcell').getByText('spare', { exact: true }).click()
      await page.getByRole('heading', { name: 'spare' }).waitFor()
      await page.getByRole('link', { name: 'Partitions', exact: true }).click()
      await page.getByRole('button', { name: 'Delete records…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Delete records of spare' })
      await dialog.getByLabel(/^Partition/).selectOption('0')
      await dialog.getByLabel('Before').selectOption('an offset')
      await dialog.getByLabel('First offset to keep').fill('9')
      await dialog.getByText('Partition 0 ends before this offset.').waitFor()
      await dialog.getByLabel('First offset to keep').fill('2')
      await dialog.getByRole('button', { name: 'Delete 2 offsets' }).click()
      await page.getByText('Deleted 2 offsets of spare.').waitFor()
      await page.getByRole('row').filter({ hasText: '3' }).filter({ hasText: '2' }).first().waitFor()
    })

    itNeeds([kind.needs], 'topics are marked by a box, and the dialog lists what will be deleted', async () => {
      await visit('topics')
      await page.getByLabel('Mark orders').check()
      await page.getByLabel('Mark payments').check()
      await page.getByRole('button', { name: 'Purge…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Purge 2 topics' })
      await expect.poll(() => dialog.getByRole('row').allTextContents()).toHaveLength(3)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Create topic' }).click()
      await page.getByLabel('Name').fill('with-configs')
      await page.getByLabel(/More configs/).fill('retention.ms')
      await page.getByText('Not in the form key=value: retention.ms').waitFor()
      await page.getByLabel(/More configs/).fill('max.message.bytes=2000')
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      await page.getByRole('heading', { name: 'with-configs' }).waitFor()
    })

    itNeeds(
      [kind.needs],
      'a client shows its last error, and stays in the list for a while after it disconnected',
      async () => {
        const passing = new KafkaClient({ clientId: 'passer-by', brokers: [host.address], logLevel: logLevel.NOTHING })
        const writer = passing.producer({ retry: { retries: 0 } })
        await writer.connect()
        const sent = writer.send({ topic: 'with-configs', messages: [{ value: 'x'.repeat(5000) }] })
        await expect(sent).rejects.toThrow()
        await visit('clients')
        await page.getByLabel('Find a client').fill('too_large')
        await page.getByRole('gridcell').getByText('passer-by').click()
        await page
          .getByRole('complementary', { name: 'passer-by' })
          .getByText(/MESSAGE_TOO_LARGE on Produce/)
          .waitFor()
        await writer.disconnect()
        await page
          .getByText(/until just now|until \d/)
          .first()
          .waitFor()
        await page
          .getByRole('complementary', { name: 'passer-by' })
          .getByText(/disconnected/i)
          .waitFor()
        await page.getByLabel('Find a client').fill('')
        // The line on Home leads here.
        await visit('home')
        await page.getByRole('link', { name: /passer-by: MESSAGE_TOO_LARGE/ }).click()
        await page.getByRole('complementary', { name: 'passer-by' }).waitFor()
      },
    )

    itNeeds([kind.needs], 'an open transaction is aborted, and its producer fenced', async () => {
      const till = kafka.producer({ transactionalId: 'till', idempotent: true, maxInFlightRequests: 1 })
      await till.connect()
      const first = await till.transaction()
      await first.send({ topic: 'payments', messages: [{ value: 'paid' }] })
      await first.commit()
      const second = await till.transaction()
      await second.send({ topic: 'payments', messages: [{ value: 'not paid' }] })
      await visit('transactions')
      // Its lane says whom it holds up, and opens it.
      const lane = page.getByRole('region', { name: 'Open transactions' }).getByRole('article', { name: 'till' })
      await lane.getByText('Holds back 1 message. No group waits for it.').waitFor()
      await lane.getByRole('link', { name: 'payments 0' }).waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      const ids = page.getByRole('grid', { name: 'Transactions', exact: true })
      await ids.getByRole('gridcell').getByText('till', { exact: true }).waitFor()
      const ended = page.getByRole('grid', { name: 'Ended', exact: true }).getByRole('row').filter({ hasText: 'till' })
      await ended.getByText('● committed').waitFor()
      await lane.getByRole('button', { name: 'till' }).click()
      const pane = page.getByRole('complementary', { name: 'till' })
      await pane.getByText('● committed').waitFor()
      await pane.getByRole('button', { name: 'Abort…' }).click()
      // What the abort does is shown before it is done.
      await page.getByRole('dialog').getByText('the others are delivered').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Abort', exact: true }).click()
      await page.getByText('Aborted the transaction of till.').waitFor()
      await pane.getByText('✕ aborted').waitFor()
      await ended.first().getByText('✕ aborted').waitFor()
      await page.getByText('none for a second or longer').waitFor()
      await expect(second.commit()).rejects.toThrow()
      await pane.getByRole('link', { name: 'payments' }).first().click()
      await page.getByRole('heading', { name: 'payments' }).waitFor()
      await till.disconnect()
    })

    itNeeds([kind.needs], 'the wire is searched by topic and by error, and its link keeps the search', async () => {
      await visit('wire')
      await page.getByLabel('Find a request').fill('orders')
      // Requests are captured from when the page has opened its feed, which nothing on it tells.
      const produced = page.getByRole('row').filter({ hasText: /Produce/ })
      const isSeen = async () => {
        await producer.send({ topic: 'orders', messages: [{ value: 'a' }] })
        return (await produced.count()) > 0
      }
      await expect.poll(isSeen, { interval: 200 }).toBe(true)
      await producer.send({ topic: 'with-configs', messages: [{ value: 'x'.repeat(5000) }] }).catch(() => {})
      await page.getByLabel('Find a request').fill('')
      await page.getByLabel('errors only').check()
      await page.getByRole('row').filter({ hasText: 'MESSAGE_TOO_LARGE' }).first().click()
      await page
        .getByRole('complementary', { name: /Produce/ })
        .getByText('✕ MESSAGE_TOO_LARGE')
        .waitFor()
      await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/wire?errors=')
      await page.keyboard.press('Escape')
    })

    itNeeds([kind.needs], 'the wire page continues by itself after it was hidden and skipped requests', async () => {
      await visit('wire')
      await page.getByText('captured while this page is open').waitFor()
      await hide(page)
      await knock(host.address, 21_000)
      await show(page)
      await page.getByText(/requests skipped: more came/).waitFor()
      await page.getByLabel('Find a request').fill('orders')
      await producer.send({ topic: 'orders', messages: [{ value: 'seen again' }] })
      await page
        .getByRole('row')
        .filter({ hasText: /Produce/ })
        .first()
        .waitFor()
      await page.getByLabel('Find a request').fill('')
    })

    itNeeds([kind.needs], 'the listener for containers is opened after a warning, and closed by a click', async () => {
      await visit('settings')
      await page.getByRole('button', { name: 'Let containers connect…' }).click()
      await page.getByText(/This opens port \d+ to every machine/).waitFor()
      await page.getByRole('button', { name: 'Open the listener' }).click()
      await page.getByText(/After a restart, containers connect to host.docker.internal:\d+/).waitFor()
      await page.getByTitle('Clear').click()
      await page.getByRole('button', { name: 'Let containers connect…' }).waitFor()
      await page.getByLabel('Further listeners').fill('nonsense')
      await page.keyboard.press('Enter')
      await page.getByText('nonsense is not a value for ottla.listeners.').waitFor()
    })

    itNeeds(
      [kind.needs],
      'settings are found by keyboard and written as people say them; nothing typed is lost',
      async () => {
        await visit('settings')
        await page.getByLabel('offsets.retention.minutes').waitFor()
        await page.keyboard.press('Control+f')
        await page.keyboard.type('offsets retention 7 days')
        await page.getByRole('status').getByText('1 setting found').waitFor()
        await page.keyboard.press('Enter')
        const retention = page.getByLabel('offsets.retention.minutes')
        await expect.poll(() => retention.evaluate((field) => field === document.activeElement)).toBe(true)
        await retention.fill('2 dayz')
        await page.getByText('Enter a number, within the limits of this config.').waitFor()
        await retention.fill('2 days')
        await page.getByText('Kafka gets 2880.').waitFor()
        await visit('home')
        await visit('settings?find=offsets.retention')
        await expect.poll(() => retention.inputValue()).toBe('2 days')
        await page.getByText('Not saved yet: press Enter.').waitFor()
        await retention.press('Enter')
        await page.getByText('✓ Saved.').waitFor()
        await expect.poll(() => retention.inputValue()).toBe('2880')
        await page.getByTitle('Reset to 10080 (7 days)').click()
        await expect.poll(() => retention.inputValue()).toBe('10080')
        expect(await accessibilityProblems(page)).toEqual([])

        // An alert that is being written is there again when one comes back.
        await visit('settings?find=webhook')
        const alerts = page.getByRole('region', { name: 'Alerts' })
        await alerts.getByLabel('Group', { exact: true }).fill('billing')
        await alerts.getByLabel('Webhook').fill('http://localhost:3000/')
        await visit('home')
        await visit('settings')
        await expect.poll(() => alerts.getByLabel('Group', { exact: true }).inputValue()).toBe('billing')
        await expect.poll(() => alerts.getByLabel('Webhook').inputValue()).toBe('http://localhost:3000/')
        await visit('settings?find=nothing+is+called+this')
        await page.getByRole('button', { name: 'Show all settings' }).click()
        await alerts.waitFor()
      },
    )

    itNeeds([kind.needs], 'Ctrl with the key of a page goes there', async () => {
      // A browser keeps the digits for its tabs, so they are promised in the app only.
      expect(await page.getByTitle('Ctrl 2', { exact: true }).count()).toBe(kind.name === 'in a browser' ? 0 : 1)
      expect(await page.getByTitle('Ctrl ,', { exact: true }).count()).toBe(1)
      for (const { key, label } of pageList) {
        await page.keyboard.press(`Control+${key}`)
        await page.locator('nav a[aria-current=page]').getByText(label).waitFor()
      }
      expect(host.complaints).toEqual([])
    })
  })
}
