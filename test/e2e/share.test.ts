import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { alterShareOffsets } from '../../src-main/client/admin/share-groups'
import { KafkaClient } from '../../src-main/client/client'
import { defaultSettings } from '../../src-main/client/settings'
import { ShareConsumer } from '../../src-main/client/share/consumer'
import type { AcknowledgeType } from '../../src-main/client/share/session'
import { needsJava, startJava } from '../support/java'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { type PageHost, pageHosts, visit } from './page-host'

const [kind] = pageHosts
const shots = process.env.OTTLA_SCREENSHOTS

/** A consumer that works on each record until it is told what becomes of it. */
class Worker {
  readonly consumer: ShareConsumer
  readonly client: KafkaClient
  readonly seen: string[] = []
  #settle: ((type: AcknowledgeType) => void) | null = null
  #arrived: (() => void) | null = null

  constructor(address: string, clientId: string) {
    const [host = '', port = ''] = address.split(':')
    const settings = { ...defaultSettings, clientId, bootstrap: [{ host, port: Number(port) }] }
    this.client = new KafkaClient(settings, { clock: systemClock })
    this.consumer = new ShareConsumer(this.client, {
      groupId: 'workers',
      topics: ['orders'],
      maxWaitMs: 200,
      maxRecords: 10,
      onRecord: ({ offset }, { partition, deliveryCount }) => {
        this.seen.push(`${partition}:${offset} x${deliveryCount}`)
        this.#arrived?.()
        return new Promise((resolve) => {
          this.#settle = resolve
        })
      },
      onError: () => {},
    })
  }

  /** Resolves when a record is being worked on. */
  async holds(): Promise<void> {
    if (this.#settle) return
    await new Promise<void>((resolve) => {
      this.#arrived = resolve
    })
  }

  settle(type: AcknowledgeType): void {
    const settle = this.#settle
    this.#settle = null
    settle?.(type)
  }

  async close(): Promise<void> {
    const closed = this.consumer.close()
    this.settle('release')
    await closed
    this.client.dispose()
  }
}

/** The page of a share group, with a consumer that really holds records. */
describe.skipIf(!kind)('the deliveries of a share group', () => {
  const needs = kind?.needs ?? {}
  let host: PageHost
  let page: Page
  const workers: Worker[] = []
  const children: ChildProcess[] = []

  function worker(clientId: string): Worker {
    const one = new Worker(host.address, clientId)
    workers.push(one)
    return one
  }

  async function shot(name: string): Promise<void> {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
  }

  beforeAll(async () => {
    if (needs.missing || !kind) return
    host = await kind.open()
    page = host.page
    const kafka = new Kafka({ brokers: [host.address], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 1 }] })
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({
      topic: 'orders',
      messages: Array.from({ length: 8 }, (_, i) => ({ partition: 0, value: `order ${i}` })),
    })
    await producer.disconnect()
    const setter = worker('setter')
    // The longest that Kafka allows, nearly: the records stay acquired while the page is looked at.
    const configs = [{ name: 'share.record.lock.duration.ms', configOperation: 0, value: '59000' }]
    const resources = [{ resourceType: 32, resourceName: 'workers', configs }]
    await setter.client.ask({ to: 'any' }, 'IncrementalAlterConfigs', { resources, validateOnly: false })
    await alterShareOffsets(setter.client, 'workers', [{ topic: 'orders', partition: 0, offset: 0n }])
  })
  afterAll(async () => {
    for (const one of workers) await one.close()
    for (const child of children) child.kill('SIGKILL')
    await host?.close()
  })

  itNeeds([needs], 'an empty group says that it has no members', async () => {
    await visit(page, 'groups/workers')
    await page.getByText('The group has no members.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot('share-empty')
  })

  itNeeds([needs], 'records that a member holds are shown with their holder and the end of their locks', async () => {
    const first = worker('packer')
    first.consumer.start()
    await first.holds()
    await page.getByText(/Every record is acquired: 8 by packer [^,]+, the last lock ends in \d+ s/).waitFor()
    await page.getByText(/holds 8 records, the first lock ends in \d+ s/).waitFor()
    await page.getByRole('button', { name: 'orders 0' }).press('Enter')
    await page.getByRole('cell', { name: '0–7' }).waitFor()
  })

  for (const theme of ['light', 'dark'] as const) {
    itNeeds([needs], `the page is accessible, ${theme}`, async () => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.getByRole('cell', { name: '0–7' }).waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await shot(`share-${theme}`)
    })
  }

  itNeeds([needs], 'released locks are delivered to another member, and the page says why', async () => {
    const second = worker('helper')
    second.consumer.start()
    await page
      .getByText(/^helper/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: /^Release the locks of packer/ }).press('Enter')
    await page.getByText('8 records can be acquired by any member at once').waitFor()
    await page.getByRole('button', { name: 'Release locks', exact: true }).press('Enter')
    await page.getByText(/Released 8 records of packer/).waitFor()
    await second.holds()
    expect(second.seen).toEqual(['0:0 x2'])
    await page.getByRole('cell', { name: 'released on this page' }).waitFor()
    await page
      .getByText(/8 by helper/)
      .first()
      .waitFor()
    await shot('share-released')
  })

  itNeeds([needs], 'a record that was rejected is delivered again as a copy', async () => {
    const second = workers.at(-1) as Worker
    for (let offset = 0; offset < 8; offset++) {
      await second.holds()
      second.settle(offset === 0 ? 'reject' : 'accept')
    }
    await page.getByRole('cell', { name: 'rejected by its holder' }).waitFor()
    await page.getByText('All records are finished.').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot('share-rejected')
    await page.getByRole('button', { name: 'Deliver again: offset 0' }).press('Enter')
    await page.getByText('Copies of these records are written to the end of the partition').waitFor()
    await page.getByRole('button', { name: 'Deliver again', exact: true }).press('Enter')
    await page.getByText('Wrote 1 copy to orders 0.').waitFor()
    await second.holds()
    expect(second.seen.at(-1)).toBe('0:8 x1')
  })

  itNeeds([needs], 'an outcome leads to its message', async () => {
    // The record that was delivered last gets a row above, which may move the link away from under the pointer.
    const link = page.getByRole('link', { name: '0–7' }).last()
    const visited = async () => {
      await link.click()
      return new URL(page.url()).hash
    }
    await expect.poll(visited).toMatch(/^#\/messages\//)
    await page.getByText('order 0').first().waitFor()
    expect(host.complaints).toEqual([])
  })

  itNeeds(
    [needs, needsJava()],
    'a message says what a KafkaShareConsumer did with it: held, released, rejected, archived',
    async () => {
      const program = await startJava(join(__dirname, '../interop/clients/ShareStates.java'), [host.address])
      children.push(program)
      let printed = ''
      program.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
      program.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
      const says = (line: string) => expect.poll(() => printed, { timeout: 90_000 }).toContain(`${line}\n`)
      const isSaid = async (offset: number, text: RegExp) => {
        await visit(page, `topics/states/messages?partition=0&offset=${offset}`)
        const pane = page.getByRole('complementary', { name: `Message ${offset} of partition 0` })
        await pane.getByRole('tab', { name: 'Consumed' }).click()
        await pane.getByText(text).waitFor()
        await visit(page, 'groups/states')
      }
      await says('acquired [0 x1, 1 x1, 2 x1, 3 x1, 4 x1]')
      await isSaid(1, /acquired, not acknowledged · delivered once · start offset 0\s*member sorter at \d/)
      program.stdin.write('go on\n')
      await says('decided [0 x1, 1 x1, 2 x1, 3 x1, 4 x1]')
      await isSaid(0, /acknowledged or archived · start offset 1/)
      await isSaid(1, /released: it waits to be delivered again · delivered once/)
      await isSaid(2, /archived: a member rejected it · delivered once/)
      await isSaid(4, /acknowledged · delivered once/)
      program.stdin.write('go on\n')
      await says('exhausted [1 x2, 3 x2]')
      await isSaid(3, /archived: it was delivered as often as the group allows · delivered 2 times · start offset 5/)
      await isSaid(4, /acknowledged or archived · start offset 5/)
      expect(host.complaints).toEqual([])
      const ended = new Promise((resolve) => program.once('close', resolve))
      program.stdin.end('go on\n')
      expect(await ended).toBe(0)
    },
  )
})
