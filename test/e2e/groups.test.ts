import { readFileSync } from 'node:fs'
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { itNeeds } from '../support/require'
import { type PageHost, pageHosts, visit } from './page-host'

/** Groups are found, moved and removed, with real consumers. */
for (const kind of pageHosts) {
  describe(`groups ${kind.name}`, () => {
    let host: PageHost
    let page: Page
    let kafka: Kafka
    let producer: Producer
    const consumers: Consumer[] = []

    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      page = host.page
      kafka = new Kafka({ brokers: [host.address], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({
        topics: [
          { topic: 'orders', numPartitions: 3 },
          { topic: 'audit', numPartitions: 2 },
        ],
      })
      producer = kafka.producer()
      await producer.connect()
      const hour = Date.now() - 3_600_000
      for (const [topic, partitions] of [
        ['orders', 3],
        ['audit', 2],
      ] as const) {
        await producer.send({
          topic,
          messages: Array.from({ length: partitions * 40 }, (_, i) => ({
            partition: i % partitions,
            value: `${topic} ${i}`,
            timestamp: String(hour + i * 20_000),
          })),
        })
      }
      await admin.setOffsets({
        groupId: 'shop',
        topic: 'orders',
        partitions: [
          { partition: 0, offset: '30' },
          { partition: 1, offset: '40' },
        ],
      })
      await admin.setOffsets({ groupId: 'shop', topic: 'audit', partitions: [{ partition: 0, offset: '40' }] })
      await admin.setOffsets({ groupId: 'ledger', topic: 'audit', partitions: [{ partition: 0, offset: '5' }] })
      await admin.disconnect()
    })
    afterAll(async () => {
      for (const consumer of consumers) await consumer.disconnect()
      await producer?.disconnect()
      await host?.close()
    })

    const way = (name: string) => page.getByRole('radio', { name, exact: true }).check({ force: true })
    const apply = () => page.getByRole('button', { name: /^Apply( now|$)/ })
    const offsetOf = (name: string) => page.getByLabel(`New offset of ${name}`, { exact: true })

    /** What the group has committed, by the client's own view: `topic:partition=offset`. */
    async function committed(groupId: string): Promise<string[]> {
      const admin = kafka.admin()
      await admin.connect()
      const topics = await admin.fetchOffsets({ groupId })
      await admin.disconnect()
      return topics
        .flatMap(({ topic, partitions }) =>
          partitions
            .filter(({ offset }) => offset !== '-1')
            .map(({ partition, offset }) => `${topic}:${partition}=${offset}`),
        )
        .sort()
    }

    itNeeds([kind.needs], 'a group is found by its name, its topic and its state', async () => {
      await visit(page, 'groups')
      await page.getByRole('gridcell', { name: 'shop', exact: true }).waitFor()
      await page.getByLabel('Find a group').fill('ledg')
      await page.getByText('1 group · lag 35').waitFor()
      await page.getByLabel('Find a group').fill('orders')
      await page.getByRole('gridcell', { name: 'shop', exact: true }).waitFor()
      expect(await page.getByRole('gridcell', { name: 'ledger', exact: true }).count()).toBe(0)
      await page.getByLabel('State').selectOption('Empty')
      await page.getByText('1 group').waitFor()
      await page.getByRole('gridcell', { name: 'shop', exact: true }).click()
      await page.getByRole('heading', { name: 'shop' }).waitFor()
    })

    itNeeds([kind.needs], 'an empty or invalid field disables Apply and says what is missing', async () => {
      await visit(page, 'groups/shop/reset')
      await offsetOf('orders partition 0').waitFor()
      for (const [name, needs] of [
        ['Time…', 'Enter a date and a time.'],
        ['Back by…', 'Enter a duration'],
        ['Shift by…', 'Enter a number of messages'],
        ['Offset…', 'Enter an offset'],
      ] as const) {
        await way(name)
        await page.getByText(needs).waitFor()
        expect({ name, isDisarmed: await apply().isDisabled() }).toEqual({ name, isDisarmed: true })
      }
      await page.getByLabel('Offset', { exact: true }).fill('soon')
      await page.getByText('Enter an offset').waitFor()
      expect(await apply().isDisabled()).toBe(true)
    })

    itNeeds([kind.needs], 'an exact offset can be typed, also for a partition without a committed offset', async () => {
      await way('Per partition')
      await page.getByText('not committed').first().waitFor()
      await offsetOf('orders partition 2').fill('x')
      await page.getByText('Enter an offset for orders 2').waitFor()
      expect(await apply().isDisabled()).toBe(true)
      await offsetOf('orders partition 2').fill('17')
      await page.getByText('first commit').waitFor()
      await page.getByText('orders 53', { exact: true }).waitFor()
      await apply().click()
      await page.getByText('Reset the offsets of shop.').waitFor()
      expect(await committed('shop')).toEqual(['audit:0=40', 'orders:0=30', 'orders:1=40', 'orders:2=17'])
    })

    itNeeds([kind.needs], 'keys move a handle by one message, by ten, and by a minute', async () => {
      const handle = page.getByLabel('New offset handle of orders partition 0')
      const at = () => handle.getAttribute('aria-valuenow').then(Number)
      await handle.focus()
      await page.keyboard.press('ArrowLeft')
      await expect.poll(at).toBe(29)
      await page.keyboard.press('Shift+ArrowLeft')
      await expect.poll(at).toBe(19)
      // A message a minute in each partition.
      await page.keyboard.press('PageDown')
      await expect.poll(at).toBe(18)
      await page.keyboard.press('Home')
      await expect.poll(at).toBe(0)
      await page.keyboard.press('End')
      await expect.poll(at).toBe(40)
    })

    itNeeds([kind.needs], 'one topic alone is reset, by a duration', async () => {
      await way('Back by…')
      await page.getByLabel('Back by', { exact: true }).fill('2h')
      await page.getByRole('button', { name: 'Only this topic' }).first().click()
      await page.getByText('2 partitions: 40 messages replayed, 1 committed for the first time').waitFor()
      await page.getByText('--by-duration PT2H --topic audit --execute').waitFor()
      await apply().click()
      // The notice of the reset before has the same text.
      await expect
        .poll(() => committed('shop'))
        .toEqual(['audit:0=0', 'audit:1=0', 'orders:0=30', 'orders:1=40', 'orders:2=17'])
      await page.getByLabel('Reset orders', { exact: true }).check()
    })

    itNeeds([kind.needs], 'an undo shows its effect before it is applied', async () => {
      await page.getByRole('button', { name: /^Undo “offsets reset to 7200 s ago”/ }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('audit 0').waitFor()
      await dialog.getByText('committed offset deleted').waitFor()
      await dialog.getByRole('button', { name: 'Undo', exact: true }).click()
      await page.getByText('The reset is undone.').waitFor()
      expect(await committed('shop')).toEqual(['audit:0=40', 'orders:0=30', 'orders:1=40', 'orders:2=17'])
    })

    itNeeds([kind.needs], 'offsets are saved to a file and read from one', async () => {
      await page.getByLabel('File of topic,partition,offset').setInputFiles({
        name: 'offsets.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('orders,0,12\naudit,1,3\n'),
      })
      await page.getByText('--from-file offsets.csv').waitFor()
      await page.getByText('2 partitions: 18 messages replayed').waitFor()
      if (kind.name === 'in a browser') {
        const download = page.waitForEvent('download')
        await page.getByRole('button', { name: 'Save offsets.csv' }).click()
        const path = await (await download).path()
        expect(readFileSync(path, 'utf8')).toBe('audit,1,3\norders,0,12\n')
      }
      await apply().click()
      await expect
        .poll(() => committed('shop'))
        .toEqual(['audit:0=40', 'audit:1=3', 'orders:0=12', 'orders:1=40', 'orders:2=17'])
    })

    itNeeds([kind.needs], 'a reset waits until the group is empty; a member is removed by hand', async () => {
      const consumer = kafka.consumer({ groupId: 'shop', sessionTimeout: 60_000, heartbeatInterval: 300 })
      consumers.push(consumer)
      await consumer.connect()
      await consumer.subscribe({ topics: ['orders'] })
      await consumer.run({ autoCommit: false, eachMessage: async () => {} })
      await visit(page, 'groups/shop')
      await page.getByText(/Stable/).waitFor()
      const generation = async () =>
        Number(/generation (\d+)/.exec((await page.getByRole('main').textContent()) ?? '')?.[1])
      const before = await generation()
      await page.getByRole('button', { name: /^Remove / }).click()
      await page.getByRole('dialog').getByText('joins again as a new member').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
      await page.getByText(/Removed .* from shop/).waitFor()
      await expect.poll(generation).toBeGreaterThan(before)
      await page.getByText(/Stable/).waitFor()
      await visit(page, 'groups/shop/reset')
      await way('Latest')
      await page.getByRole('button', { name: 'Apply when empty' }).click()
      await page.getByText('Waiting until shop is empty').waitFor()
      await page.getByRole('button', { name: 'Cancel the reset' }).click()
      await page.getByText('The reset is cancelled.').waitFor()
      await way('Earliest')
      await page.getByRole('button', { name: 'Apply when empty' }).click()
      await page.getByText('then its offsets are reset to earliest').waitFor()
      await page.getByText('As of now: 5 partitions: 112 messages replayed.').waitFor()
      await page.getByText('◔ waits: 0').first().waitFor()
      expect(await committed('shop')).toContain('orders:1=40')
      await consumer.disconnect()
      await expect
        .poll(() => committed('shop'))
        .toEqual(['audit:0=0', 'audit:1=0', 'orders:0=0', 'orders:1=0', 'orders:2=0'])
      await page.getByText('Waiting until').waitFor({ state: 'detached' })
    })

    itNeeds([kind.needs], 'offsets are set for a group before its first start', async () => {
      await visit(page, 'topics/orders/groups')
      await page.getByRole('button', { name: 'New group…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('group.id').fill('reports/daily')
      await dialog.getByRole('button', { name: 'Choose offsets' }).click()
      await page.getByText('No such group yet').waitFor()
      await page.getByRole('button', { name: 'Add a topic…' }).click()
      await page.getByLabel('Find a topic').fill('aud')
      await page.getByRole('checkbox', { name: 'audit', exact: true }).check()
      await page.keyboard.press('Escape')
      await way('Latest')
      await page.getByText('5 partitions: 5 committed for the first time (0 messages to read, 200 skipped)').waitFor()
      await page.getByText('--group reports/daily --reset-offsets --to-latest').waitFor()
      expect(await committed('reports/daily')).toEqual([])
      await apply().click()
      await page.getByText('No such group yet').waitFor({ state: 'detached' })
      await page.getByText('not committed').first().waitFor({ state: 'detached' })
      expect(await committed('reports/daily')).toEqual([
        'audit:0=40',
        'audit:1=40',
        'orders:0=40',
        'orders:1=40',
        'orders:2=40',
      ])
    })

    itNeeds([kind.needs], 'the dialog shows what will be lost before a group is deleted', async () => {
      await visit(page, 'groups/ledger')
      await page.getByRole('button', { name: 'Delete…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('audit: 1 committed offset, lag 35').waitFor()
      await dialog.getByRole('button', { name: 'Delete' }).click()
      await page.getByText('Deleted group ledger.').waitFor()
      await page.getByRole('gridcell', { name: 'shop', exact: true }).waitFor()
      await visit(page, 'groups/nobody')
      await page.getByText('Group nobody does not exist.').waitFor()
      expect(host.complaints).toEqual([])
    })
  })
}
