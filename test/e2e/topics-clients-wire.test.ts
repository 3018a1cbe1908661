import { type Kafka, Kafka as KafkaClient, logLevel, type Producer } from 'kafkajs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { itNeeds } from '../support/require'
import { type PageHost, pageHosts, visit as visitOn } from './page-host'

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
    }, 60_000)
    afterAll(async () => {
      await producer?.disconnect()
      await host?.close()
    })

    itNeeds([kind.needs], 'partitions are added in a dialog that speaks of keys', async () => {
      await visit('topics/orders/partitions')
      await page.getByRole('button', { name: 'Add partitions…' }).click()
      await page.getByText('Keys move').waitFor()
      await page.getByLabel('Partitions in all').fill('1')
      expect(await page.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true)
      await page.getByLabel('Partitions in all').fill('4')
      await page.getByRole('button', { name: 'Add 3' }).click()
      await page.getByText('orders has 4 partitions.').waitFor()
    })

    itNeeds([kind.needs], 'topics are marked by a box, and what will be gone is told one by one', async () => {
      await visit('topics')
      await page.getByLabel('Mark orders').check()
      await page.getByLabel('Mark payments').check()
      await page.getByText('2 topics marked').waitFor()
      await page.getByRole('button', { name: 'Purge…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Purge 2 topics' })
      expect(await dialog.getByRole('row').allTextContents()).toHaveLength(3)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Create topic' }).click()
      await page.getByLabel('Name').fill('with-configs')
      await page.getByLabel(/More configs/).fill('retention.ms')
      await page.getByText('Not key=value: retention.ms').waitFor()
      await page.getByLabel(/More configs/).fill('max.message.bytes=2000')
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      await page.getByRole('heading', { name: 'with-configs' }).waitFor()
    })

    itNeeds([kind.needs], 'a client shows its last error, and stays for a while when it left', async () => {
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
        .getByText(/left just now|left \d/)
        .first()
        .waitFor()
      await page.getByRole('complementary', { name: 'passer-by' }).getByText('Left', { exact: true }).waitFor()
      await page.getByLabel('Find a client').fill('')
      // The line on Home leads here.
      await visit('home')
      await page.getByRole('link', { name: /passer-by: MESSAGE_TOO_LARGE/ }).click()
      await page.getByRole('complementary', { name: 'passer-by' }).waitFor()
    })

    itNeeds([kind.needs], 'an open transaction is aborted, and its producer fenced', async () => {
      const till = kafka.producer({ transactionalId: 'till', idempotent: true, maxInFlightRequests: 1 })
      await till.connect()
      const first = await till.transaction()
      await first.send({ topic: 'payments', messages: [{ value: 'paid' }] })
      await first.commit()
      const second = await till.transaction()
      await second.send({ topic: 'payments', messages: [{ value: 'not paid' }] })
      await visit('transactions')
      await page.getByRole('gridcell').getByText('till', { exact: true }).click()
      const pane = page.getByRole('complementary', { name: 'till' })
      await pane.getByText('● committed').waitFor()
      await pane.getByRole('button', { name: 'Abort…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Abort', exact: true }).click()
      await page.getByText('The transaction of till is aborted.').waitFor()
      await pane.getByText('✕ aborted').waitFor()
      await expect(second.commit()).rejects.toThrow()
      await pane.getByRole('link', { name: 'payments' }).first().click()
      await page.getByRole('heading', { name: 'payments' }).waitFor()
      await till.disconnect()
    })

    itNeeds([kind.needs], 'the wire is searched by topic and by error, and its link keeps the search', async () => {
      await visit('wire')
      await page.getByText('Waiting for requests').waitFor()
      await producer.send({ topic: 'orders', messages: [{ value: 'a' }] })
      await page.getByLabel('Find an exchange').fill('orders')
      await page
        .getByRole('row')
        .filter({ hasText: /Produce/ })
        .first()
        .waitFor()
      await producer.send({ topic: 'with-configs', messages: [{ value: 'x'.repeat(5000) }] }).catch(() => {})
      await page.getByLabel('Find an exchange').fill('')
      await page.getByLabel('errors only').check()
      await page.getByRole('row').filter({ hasText: 'MESSAGE_TOO_LARGE' }).first().click()
      await page
        .getByRole('complementary', { name: /Produce/ })
        .getByText('MESSAGE_TOO_LARGE')
        .waitFor()
      expect(await page.evaluate(() => location.hash)).toBe('#/wire?errors=')
      await page.keyboard.press('Escape')
    })

    itNeeds([kind.needs], 'containers are let in after it is said whom else, and a click takes that back', async () => {
      await visit('settings')
      await page.getByRole('button', { name: 'Let containers connect…' }).click()
      await page.getByText(/This opens port \d+ to every machine/).waitFor()
      await page.getByRole('button', { name: 'Let them connect' }).click()
      await page.getByText(/Containers connect to host.docker.internal:\d+ from the next start on/).waitFor()
      await page.getByTitle('Take it away').click()
      await page.getByRole('button', { name: 'Let containers connect…' }).waitFor()
      await page.getByLabel('Further listeners').fill('nonsense')
      await page.keyboard.press('Enter')
      await page.getByText('nonsense is no value for ottla.listeners.').waitFor()
    })

    itNeeds([kind.needs], 'digits with Ctrl go to the pages in the order of the sidebar', async () => {
      const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents()
      for (const [index, name] of names.slice(0, 9).entries()) {
        await page.keyboard.press(`Control+${index + 1}`)
        await page.locator(`nav a[aria-current=page]`).getByText(name.replace(/\d+$/, '')).waitFor()
      }
      expect(host.complaints).toEqual([])
    })
  })
}
