import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Download, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'
import { pageHosts, visit } from './page-host'

const inBrowser = [pageHosts[0]?.needs ?? { missing: 'no browser' }]
const chromiumPath = '/usr/bin/chromium'

let broker: BrokerProcess
let browser: Browser
let page: Page
let secured: string

beforeAll(async () => {
  if (inBrowser[0]?.missing) return
  broker = await BrokerProcess.start({ ui: true })
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(broker.ready.ui ?? '')
})
afterAll(async () => {
  await browser?.close()
  await broker?.dispose()
})

function clientOf(username: string, password: string): Kafka {
  const sasl = { mechanism: 'scram-sha-512' as const, username, password }
  return new Kafka({
    brokers: [secured],
    clientId: 'billing',
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    sasl,
  })
}

async function write(topic: string): Promise<void> {
  const producer = clientOf('alice', 'secret').producer()
  await producer.connect()
  try {
    await producer.send({ topic, messages: [{ value: 'v' }] })
  } finally {
    await producer.disconnect()
  }
}

describe('the security page', () => {
  itNeeds(
    inBrowser,
    'a listener is added, opens after a restart, and shows the configuration of a client',
    async () => {
      const { port, release } = await takePort()
      await release()
      secured = `127.0.0.1:${port}`
      await visit(page, 'security')
      const add = async (protocol: string, onPort: string) => {
        await page.getByRole('combobox', { name: /^Protocol/ }).selectOption(protocol)
        await page.getByLabel('Port on localhost').fill(onPort)
        await page.getByRole('button', { name: 'Add listener' }).click()
      }
      const coming = page.getByRole('row').filter({ hasText: 'opens after restart' })
      await add('SSL', '9093')
      await coming.filter({ hasText: 'localhost:9093' }).waitFor()
      await coming.getByRole('button', { name: 'Remove' }).click()
      await coming.waitFor({ state: 'detached' })
      await add('SASL_PLAINTEXT', String(port))
      await coming.waitFor()
      await broker.stop()
      await broker.startAgain()
      await page.goto(broker.ready.ui ?? '')
      await visit(page, 'security')
      await page.getByRole('gridcell', { name: 'SASL_PLAINTEXT' }).click()
      await page.getByText('sasl.mechanism=SCRAM-SHA-512').waitFor()
    },
  )

  itNeeds(inBrowser, 'a user is added and authenticates; a wrong password is shown with its reason', async () => {
    await visit(page, 'security/users')
    await page.getByRole('textbox', { name: 'User' }).fill('alice')
    await page.getByLabel('Password').fill('secret')
    await page.getByRole('button', { name: 'Add user' }).click()
    await page.getByRole('gridcell', { name: 'alice' }).waitFor()
    await write('letters')
    await expect(clientOf('alice', 'wrong').admin().connect()).rejects.toThrow()
    await visit(page, 'security/refused')
    const row = page.getByRole('row').filter({ hasText: 'SASL SCRAM-SHA-512' })
    await row.getByText('the password of alice is wrong').waitFor()
    await row.getByText('billing').waitFor()
  })

  itNeeds(
    inBrowser,
    'a client that no ACL allows is shown, and one task from there gives it all ACLs that it needs',
    async () => {
      await visit(page, 'security/acls')
      const connected = clientOf('alice', 'secret').admin()
      await connected.connect()
      // What was typed stays when one looks at another tab.
      await page.getByLabel('Topic', { exact: true }).fill('half a na')
      await visit(page, 'security/quotas')
      await visit(page, 'security/acls')
      expect(await page.getByLabel('Topic', { exact: true }).inputValue()).toBe('half a na')
      await page.getByRole('button', { name: 'Enforce ACLs…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('User:alice (1 client)').waitFor()
      await dialog.getByLabel('Super users').fill('User:ops')
      // What was typed survives a click outside, and Esc asks before it is discarded.
      await page.mouse.click(5, 5)
      await page.keyboard.press('Escape')
      await dialog.getByRole('button', { name: 'Keep editing' }).click()
      expect(await dialog.getByLabel('Super users').inputValue()).toBe('User:ops')
      await dialog.getByRole('button', { name: 'Enforce ACLs' }).click()
      await page.getByText('Super users without limits: User:ops').waitFor()
      await connected.disconnect()
      await expect(write('letters')).rejects.toThrow()
      await visit(page, 'security/refused')
      const row = page.getByRole('row').filter({ hasText: 'DESCRIBE on TOPIC letters' })
      await row.getByRole('button', { name: 'Allow…' }).click()
      await page.getByText('WRITE on TOPIC letters', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Add 1 ACL' }).click()
      await page.getByRole('row').filter({ hasText: 'User:alice' }).filter({ hasText: 'WRITE' }).waitFor()
      await write('letters')
      await visit(page, 'security/refused')
      await row.getByText('allowed now').waitFor()
    },
  )

  itNeeds(inBrowser, 'one task lets a user consume a topic as a group, and Undo takes all its ACLs back', async () => {
    await visit(page, 'security/acls')
    await page.getByLabel('Principal').fill('User:bob')
    await page.getByLabel('Topic', { exact: true }).fill('letters')
    await page.getByLabel('As group').fill('billing')
    await page.getByText('READ on TOPIC letters, READ on GROUP billing').waitFor()
    await page.getByRole('button', { name: 'Add 2 ACLs' }).click()
    const rows = page.getByRole('row').filter({ hasText: 'User:bob' })
    await expect.poll(() => rows.count()).toBe(2)
    await page.getByText('Added 2 ACLs for User:bob:').locator('..').getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => rows.count()).toBe(0)
  })

  itNeeds(inBrowser, 'a quota for a user and a client id is set, and removing it removes all its limits', async () => {
    await visit(page, 'security/quotas')
    const set = page.getByRole('button', { name: 'Set quota' })
    // An empty user is nobody: the default of everybody is set only where it was chosen.
    expect(await set.isDisabled()).toBe(true)
    await page.getByText('Enter a user.').waitFor()
    await page.getByLabel('Which users').selectOption('every other user (default)')
    await page.getByText('Default: each user without a quota of its own').waitFor()
    await page.getByLabel('Value, bytes/s').fill('2 MB')
    await page.getByRole('button', { name: 'Set default quota' }).click()
    const ofAll = page.getByRole('row').filter({ hasText: 'producer_byte_rate 2,000,000' })
    await page.getByText('This quota is set already.').waitFor()
    await page.getByLabel('Value, bytes/s').fill('3 MB')
    await page.getByText('This replaces 2,000,000 bytes/s (2.0 MB/s).').waitFor()
    // A user may be named as the default is: the default has a mark, and says what it is.
    await page.getByLabel('Which users').selectOption('one user')
    await page.getByLabel('User', { exact: true }).fill('<default>')
    await set.click()
    const named = page.getByRole('row').filter({ hasText: 'producer_byte_rate 3,000,000' })
    await named.getByRole('gridcell', { name: '<default>', exact: true }).waitFor()
    await ofAll.getByRole('gridcell', { name: 'every other user (default)', exact: true }).waitFor()
    const isDefault = (row: typeof named) => row.getByRole('img', { name: 'every other user (default)' }).count()
    expect([await isDefault(ofAll), await isDefault(named)]).toEqual([1, 0])
    await named.getByRole('button', { name: 'Remove' }).click()
    await named.waitFor({ state: 'detached' })
    await ofAll.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('There are no quotas').waitFor()
    await page.getByLabel('Which users').selectOption('one user')
    await page.getByLabel('Value, bytes/s').fill('1000000')
    await page.getByLabel('Applies to').selectOption('both')
    await page.getByLabel('User', { exact: true }).fill('alice')
    await page.getByLabel('Client id', { exact: true }).fill('billing')
    await page.getByText('User alice with the client id billing may write at most 1,000,000 bytes/s').waitFor()
    await set.click()
    await page.getByRole('combobox', { name: /^Limit/ }).selectOption('controller_mutation_rate')
    await page.getByLabel('Value, partitions/s').fill('2.5')
    await page.getByRole('button', { name: 'Set quota' }).click()
    const row = page.getByRole('row').filter({ hasText: 'controller_mutation_rate 2.5' })
    await row.getByText('producer_byte_rate 1,000,000').waitFor()
    await row.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('There are no quotas').waitFor()
    const notice = page.getByText('The quota of alice, billing is removed.').locator('..')
    await notice.getByRole('button', { name: 'Undo' }).click()
    await row.getByText('producer_byte_rate 1,000,000').waitFor()
    await page.getByLabel('Applies to').selectOption('ip')
    await page.getByLabel('IP address', { exact: true }).fill('10.0.0.1')
    await page.getByLabel('Value, connections/s').fill('5')
    await set.click()
    await page.getByText('connection_creation_rate 5').waitFor()
  })

  itNeeds(inBrowser, 'the files that clients need can be saved', async () => {
    await visit(page, 'security/certificates')
    await page.getByText('No listener with TLS is open.').waitFor()
    const saved: string[] = []
    const both = new Promise<void>((resolve) => {
      page.on('download', (file: Download) => {
        saved.push(file.suggestedFilename())
        if (saved.length === 4) resolve()
      })
    })
    await page.getByRole('button', { name: 'Save ottla-ca.pem and ottla-truststore.jks' }).click()
    await page.getByText('The files are saved.').waitFor()
    await page.getByLabel('Name of the client').fill('orders')
    await page.getByRole('button', { name: 'Save as PEM and PKCS12' }).click()
    await both
    expect(saved.sort()).toEqual(['orders.p12', 'orders.pem', 'ottla-ca.pem', 'ottla-truststore.jks'])
  })

  itNeeds(inBrowser, 'a user is removed after a confirmation', async () => {
    await visit(page, 'security/users')
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove user' }).click()
    await page.getByText('There are no users').waitFor()
    await expect(clientOf('alice', 'secret').admin().connect()).rejects.toThrow()
  })
})
