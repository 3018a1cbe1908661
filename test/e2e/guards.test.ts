import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { FromDesk, FromPage } from '../../src-main/contract/wire'
import { BrokerProcess } from '../support/broker'
import { ClusterPages } from '../support/cluster-pages'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const inBrowser = [chromiumPath ? {} : { missing: 'no chromium' }]
const why = 'This cluster is read-only. Unlock it in the band above the page to change it.'
const messages = 60

let remote: BrokerProcess
let desk: BrokerProcess
let consumer: Consumer
let pages: ClusterPages
let browser: Browser
let page: Page

const clientOf = (broker: BrokerProcess) =>
  new Kafka({ clientId: 'till', brokers: [broker.address], logLevel: logLevel.NOTHING })

beforeAll(async () => {
  if (!chromiumPath) return
  const authorizer = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'
  const configs = [`authorizer.class.name=${authorizer}`, 'super.users=User:ANONYMOUS']
  const args = configs.flatMap((config) => ['--config', config])
  ;[remote, desk] = await Promise.all([
    BrokerProcess.start({ memory: true, args }),
    BrokerProcess.start({ memory: true, ui: true }),
  ])
  const producer = clientOf(remote).producer()
  await producer.connect()
  const value = (i: number) =>
    JSON.stringify({ order: i, customer: { name: 'Ann', email: `ann-${i}@example.com` }, note: 'x'.repeat(50_000) })
  const all = Array.from({ length: messages }, (_, i) => ({ key: `k${i}`, value: value(i), partition: 0 }))
  // A request holds at most a megabyte.
  for (let i = 0; i < messages; i += 12) await producer.send({ topic: 'orders', messages: all.slice(i, i + 12) })
  await producer.disconnect()
  consumer = clientOf(remote).consumer({ groupId: 'billing' })
  await consumer.connect()
  await consumer.subscribe({ topic: 'orders', fromBeginning: true })
  await consumer.run({ eachMessage: async () => {} })
  pages = await ClusterPages.start(remote.address, ['--writable'], ['ottla.name=payments', 'ottla.stage=production'])
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(pages.ready.ui ?? '')
})
afterAll(async () => {
  await browser?.close()
  await pages?.stop()
  await consumer?.disconnect()
  await remote?.dispose()
  await desk?.dispose()
})

const button = (name: string | RegExp, within: Page | Locator = page) =>
  within.getByRole('button', { name, exact: true }).first()

/** Places of the pages, each with what changes the cluster there. */
const actions: readonly (readonly [place: string, names: readonly (string | RegExp)[]])[] = [
  ['topics', ['Create topic']],
  ['topics/orders', ['Produce']],
  ['topics/orders/partitions', ['Add partitions…', 'Delete records…']],
  ['topics/orders/groups', ['New group…']],
  ['groups', ['New group…']],
  ['groups/billing', ['Delete…', /^Remove till/]],
  ['groups/billing/reset', ['Apply when empty', 'Apply now (fences 1 member)']],
]

interface Audited {
  readonly api: string
  /** The bytes of the request; absent where it holds a secret. */
  readonly request?: string
}

/** The audit log, in the order of the requests. */
function audited(): readonly Audited[] {
  const lines = readFileSync(join(pages.folder, 'ottla/audit.jsonl'), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Audited)
}

/** Types the name that a cluster elsewhere asks for, and confirms. */
async function confirm(action: string, name: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  const confirming = button(action, dialog)
  await confirming.waitFor()
  expect(await confirming.isDisabled()).toBe(true)
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
  await confirming.click()
  await dialog.waitFor({ state: 'detached' })
}

/** A page whose answer to `can` is held until `release` is called. */
async function withoutCan(): Promise<{ readonly page: Page; readonly release: () => void }> {
  const early = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await early.routeWebSocket(/\/wire/, (socket) => {
    const server = socket.connectToServer()
    const asked = new Set<number>()
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as FromPage
      if (message.kind === 'call' && message.name === 'can') asked.add(message.id)
      server.send(text)
    })
    server.onMessage((text) => {
      const { id } = JSON.parse(String(text)) as FromDesk
      if (asked.has(id)) void released.then(() => socket.send(text))
      else socket.send(text)
    })
  })
  await early.goto(pages.ready.ui ?? '')
  return { page: early, release }
}

describe('a cluster in production', () => {
  itNeeds(inBrowser, 'has no action that looks possible before that is known', async () => {
    const { page: early, release } = await withoutCan()
    await visit(early, 'topics')
    await early.getByRole('gridcell', { name: 'orders', exact: true }).waitFor()
    const create = button('Create topic', early)
    const state = async () => [await create.getAttribute('aria-disabled'), await create.getAttribute('title')]
    expect(await state()).toEqual(['true', null])
    await create.click({ force: true })
    expect(await early.getByRole('dialog').count()).toBe(0)
    // A menu says no reason either, for there is none yet.
    await visit(early, 'topics/orders')
    await button(/^Actions/, early).click()
    const clone = early.getByRole('menuitem', { name: 'Clone…', exact: true })
    expect([await clone.isDisabled(), await clone.getAttribute('title')]).toEqual([true, null])
    expect(await early.getByRole('menu').textContent()).not.toContain('read-only')
    release()
    await expect.poll(() => clone.getAttribute('title')).toBe(why)
    await early.keyboard.press('Escape')
    await visit(early, 'topics')
    await expect.poll(state).toEqual(['true', why])
    await early.close()
  })

  itNeeds(
    inBrowser,
    'shows what would change it as disabled with the reason, until it is unlocked, and again when it is locked',
    async () => {
      const band = page.getByRole('complementary', { name: 'Cluster', exact: true })
      for (const [i, [place, names]] of actions.entries()) {
        await page.emulateMedia({ colorScheme: i % 2 === 0 ? 'light' : 'dark', reducedMotion: 'reduce' })
        await visit(page, place)
        for (const name of names) {
          await expect.poll(() => button(name).getAttribute('title'), { message: `${place} ${name}` }).toBe(why)
          expect(await button(name).getAttribute('aria-disabled'), `${place} ${name}`).toBe('true')
        }
        expect(await accessibilityProblems(page)).toEqual([])
      }
      // Pages that a cluster elsewhere cannot fill say so before they are opened.
      const unknown = page.getByRole('link', { name: 'Clients' })
      expect(await unknown.getAttribute('title')).toBe('A cluster does not tell who is connected.')
      await visit(page, 'topics/orders/config')
      await page.getByRole('gridcell', { name: 'retention.ms', exact: true }).click()
      await expect.poll(() => button('Set').getAttribute('title')).toBe(why)
      // A row's menu and the palette say the same.
      await visit(page, 'topics/orders/messages')
      await page.getByRole('gridcell', { name: 'k59', exact: true }).click({ button: 'right' })
      const item = page.getByRole('menuitem', { name: 'Delete this key (tombstone)…' })
      await expect.poll(() => item.getAttribute('title')).toBe(why)
      expect(await item.isDisabled()).toBe(true)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+k')
      const option = page.getByRole('option', { name: 'Create topic…' })
      await expect.poll(() => option.getAttribute('aria-disabled')).toBe('true')
      await page.keyboard.press('Escape')
      await visit(page, 'topics/orders')
      await button(/^Actions/).click()
      for (const name of ['Clone…', 'Purge…', 'Recreate…', 'Delete…']) {
        const entry = page.getByRole('menuitem', { name, exact: true })
        await expect.poll(() => entry.getAttribute('title'), { message: name }).toBe(why)
        expect(await entry.isDisabled(), name).toBe(true)
      }
      await page.keyboard.press('Escape')
      // A click on what is disabled opens nothing.
      await visit(page, 'topics')
      await button('Create topic').click({ force: true })
      expect(await page.getByRole('dialog').count()).toBe(0)

      await button('Unlock…', band).click()
      await page.getByLabel('Type payments to unlock it').fill('payments')
      await button('Unlock', page.getByRole('dialog')).click()
      for (const [place, names] of actions.slice(0, 4)) {
        await visit(page, place)
        for (const name of names) {
          await expect
            .poll(() => button(name).getAttribute('aria-disabled'), { message: `${place} ${name}` })
            .toBe(null)
        }
      }
      await button('Lock', band).click()
      await expect.poll(() => button('New group…').getAttribute('title')).toBe(why)
    },
  )

  itNeeds(
    inBrowser,
    'is changed only after its name was typed, and then the name of what is lost; each change is in the audit log',
    async () => {
      const band = page.getByRole('complementary', { name: 'Cluster', exact: true })
      await button('Unlock…', band).click()
      await page.getByLabel('Type payments to unlock it').fill('payments')
      await button('Unlock', page.getByRole('dialog')).click()

      await visit(page, 'security/users')
      await page.getByLabel('User', { exact: true }).fill('alice')
      await page.getByLabel('Password', { exact: true }).fill('hush-hush')
      await button('Add user').click()
      await page.getByRole('gridcell', { name: 'alice', exact: true }).waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await button('Remove').click()
      await confirm('Remove user', 'alice')
      await page.getByRole('gridcell', { name: 'alice', exact: true }).waitFor({ state: 'detached' })

      await visit(page, 'security/acls')
      await page.getByLabel('Principal', { exact: true }).fill('User:bob')
      await page.getByLabel('Topic', { exact: true }).fill('orders')
      await page.getByLabel('As group', { exact: true }).fill('billing')
      await button(/^Add \d ACLs$/).click()
      const ofBob = page.getByRole('gridcell', { name: 'User:bob', exact: true })
      await expect.poll(() => ofBob.count()).toBe(2)
      expect(await accessibilityProblems(page)).toEqual([])
      await button('Remove').click()
      await confirm('Remove', 'User:bob')
      await expect.poll(() => ofBob.count()).toBe(1)

      await visit(page, 'security/quotas')
      await page.getByLabel('User', { exact: true }).fill('bob')
      await button('Set quota').click()
      await page.getByText('producer_byte_rate 1,000,000 bytes/s').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await button('Remove').click()
      await confirm('Remove', 'bob')
      await page.getByText('There are no quotas').waitFor()

      await visit(page, 'groups/billing')
      await button(/^Remove till/).click()
      await confirm('Remove', 'billing')

      const apis = audited().map(({ api }) => api)
      const times = (wanted: string) => apis.filter((api) => api === wanted).length
      const changes = ['AlterUserScramCredentials', 'CreateAcls', 'DeleteAcls', 'AlterClientQuotas', 'LeaveGroup']
      expect(changes.map(times)).toEqual([2, 2, 1, 2, 1])
      expect(apis).toHaveLength(8)
      const withPasswords = audited().filter(({ api }) => api === 'AlterUserScramCredentials')
      expect(withPasswords.map(({ request }) => request)).toEqual([undefined, undefined])
    },
  )

  itNeeds(
    inBrowser,
    'gives a slice of a topic to this machine: previewed, masked, stopped, continued, and read there by a client',
    async () => {
      await visit(page, 'topics/orders')
      await button(/^Actions/).click()
      await page.getByRole('menuitem', { name: 'Copy to this machine…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Topic there').fill('orders-here')
      await dialog.getByLabel('How many').fill(String(messages))
      // An address of this machine that leads to a cluster in production.
      await dialog.getByLabel('Broker on this machine').fill(remote.address)
      await button('Preview', dialog).click()
      await dialog
        .getByText(`${remote.address} leads to payments, which is marked as production: nothing is copied there.`)
        .waitFor()
      await dialog.getByLabel('Broker on this machine').fill(desk.address)
      await dialog.getByLabel('Mask these JSON fields, one per line').fill('$.customer.email')
      // Slow enough to be stopped on its way.
      await dialog.getByLabel('At most MB per second').fill('0.15')
      expect(await button('Copy', dialog).isDisabled()).toBe(true)
      await button('Preview', dialog).click()
      const planned = dialog.getByRole('region', { name: 'What will be copied' })
      await planned.getByText(`${messages} messages`).waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await button('Copy', dialog).click()
      const running = dialog.getByRole('region', { name: 'Copies of this topic' })
      await button('Stop', running).click()
      await running.getByText('stopped').waitFor()
      const before = await endOf('orders-here')
      expect(before).toBeLessThan(messages)
      await button('Continue', running).click()
      await running.getByText('done').waitFor({ timeout: 45_000 })
      expect(await endOf('orders-here')).toBe(messages)

      const values = await consumed('orders-here')
      expect(values).toHaveLength(messages)
      const [first] = values as readonly { order: number; customer: { name: string; email: unknown } }[]
      expect([first?.order, first?.customer.name]).toEqual([0, 'Ann'])
      expect(JSON.stringify(values)).not.toContain('@example.com')
      await button('Close', dialog).click()
      await dialog.waitFor({ state: 'detached' })
    },
  )

  itNeeds(inBrowser, 'asks once, by its name, before messages are written; again after it was locked', async () => {
    const end = () => endOf('orders', remote)
    const form = page.getByRole('dialog', { name: 'Produce a message' })
    const question = page.getByRole('dialog', { name: 'Write messages to payments?' })
    await visit(page, 'topics/orders')
    await button('Produce').click()
    await form.getByLabel('Value', { exact: true }).fill('first')
    await button('Send', form).click()
    await question.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await button('Cancel', question).click()
    await form.getByText('Nothing was written to payments.').waitFor()
    expect(await end()).toBe(messages)
    await button('Send', form).click()
    await button('Write to payments', question).click()
    await expect.poll(end).toBe(messages + 1)
    // What comes next is not asked about.
    await form.getByLabel('Value', { exact: true }).fill('second')
    await button('Send', form).click()
    await expect.poll(end).toBe(messages + 2)
    expect(await question.count()).toBe(0)
    await button('Close', form).click()

    const band = page.getByRole('complementary', { name: 'Cluster', exact: true })
    await button('Lock', band).click()
    await button('Unlock…', band).click()
    await page.getByLabel('Type payments to unlock it').fill('payments')
    await button('Unlock', page.getByRole('dialog')).click()
    await button('Lock', band).waitFor()
    await button(/^More/).click()
    await page.getByRole('menuitem', { name: 'Resend all that match…' }).click()
    const resend = page.getByRole('dialog', { name: 'Resend messages' })
    await resend.getByRole('radio', { name: 'one topic' }).check()
    await resend.getByLabel('Topic', { exact: true }).fill('orders')
    await button(`Resend ${messages + 2} messages`, resend).click()
    await button('Write to payments', question).click()
    await expect.poll(end).toBe(2 * (messages + 2))
  })
})

/** The sum of the ends of all partitions; 0 for a topic that is not there. */
async function endOf(topic: string, broker = desk): Promise<number> {
  const admin = clientOf(broker).admin()
  await admin.connect()
  try {
    if (!(await admin.listTopics()).includes(topic)) return 0
    const offsets = await admin.fetchTopicOffsets(topic)
    return offsets.reduce((sum, { high }) => sum + Number(high), 0)
  } finally {
    await admin.disconnect()
  }
}

async function consumed(topic: string): Promise<readonly unknown[]> {
  const reader = clientOf(desk).consumer({ groupId: 'reader' })
  await reader.connect()
  await reader.subscribe({ topic, fromBeginning: true })
  const values: unknown[] = []
  await new Promise<void>((resolve, reject) => {
    reader
      .run({
        eachMessage: async ({ message }) => {
          values.push(JSON.parse(String(message.value)))
          if (values.length === messages) resolve()
        },
      })
      .catch(reject)
  })
  await reader.disconnect()
  return values
}

describe('the doctor', () => {
  itNeeds(inBrowser, 'finds nothing wrong with the broker of these pages', async () => {
    await page.goto(desk.ready.ui ?? '')
    await visit(page, 'home/doctor')
    await page.getByRole('status').getByText('Everything works.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
  })

  itNeeds(
    inBrowser,
    'names the address of a cluster elsewhere that cannot be reached, and a rule that mends it',
    async () => {
      const lost = await BrokerProcess.start({ memory: true, args: ['--advertise', '127.0.0.1:1'] })
      try {
        const broken = await ClusterPages.start(lost.address, [], ['socket.connection.setup.timeout.ms=2000'])
        let rule = ''
        try {
          await page.goto(broken.ready.ui ?? '')
          await visit(page, 'home/doctor')
          await page.getByRole('status').getByText('1 step fails.').waitFor()
          const failed = page.getByRole('listitem').filter({ hasText: 'failed' })
          expect(await failed.textContent()).toContain('127.0.0.1:1')
          rule = (await failed.getByText(/^ottla\.addresses=/).textContent()) ?? ''
          expect(await accessibilityProblems(page)).toEqual([])
        } finally {
          await broken.stop()
        }
        const mended = await ClusterPages.start(lost.address, [], [rule])
        try {
          await page.goto(mended.ready.ui ?? '')
          await visit(page, 'home/doctor')
          await page.getByRole('status').getByText('Everything works.').waitFor()
          await visit(page, 'topics')
          await page.getByText('There are no topics yet.').waitFor()
        } finally {
          await mended.stop()
        }
      } finally {
        await lost.dispose()
      }
    },
  )
})
