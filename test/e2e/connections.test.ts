import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { ClusterPages } from '../support/cluster-pages'
import { Desktop, needsElectron, root } from '../support/electron'
import { itNeeds } from '../support/require'
import { SecuredBroker } from '../support/secured-broker'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const electron = [needsElectron()]
const password = 'admin-secret'

let cluster: SecuredBroker
let authority: string
let authorityFile: string
beforeAll(async () => {
  cluster = await SecuredBroker.start()
  const stand = Object.fromEntries(
    readFileSync(cluster.stand, 'utf8')
      .split('\n')
      .map((line) => line.split('=')),
  )
  authorityFile = stand.authority ?? ''
  authority = readFileSync(authorityFile, 'utf8')
  const admin = new Kafka({ brokers: [cluster.addresses.plaintext], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: 'invoices' }] })
  await admin.disconnect()
})
afterAll(async () => {
  await cluster?.dispose()
})

/** The text of every file below a folder. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n')
}

/** Keeps every message that goes to a page: all go through the ports of the main process. */
async function recordFrames(desktop: Desktop): Promise<void> {
  await desktop.app.evaluate(({ MessageChannelMain }) => {
    const frames: string[] = []
    const port = Object.getPrototypeOf(new MessageChannelMain().port1) as Electron.MessagePortMain
    const send = port.postMessage
    port.postMessage = function (this: Electron.MessagePortMain, ...given: Parameters<typeof send>) {
      frames.push(JSON.stringify(given[0]))
      send.apply(this, given)
    }
    Object.assign(globalThis, { frames })
  })
}

const framesOf = async (desktop: Desktop) =>
  await desktop.app.evaluate(() => (globalThis as unknown as { frames: string[] }).frames.join('\n'))

const inBrowser = [chromiumPath ? {} : { missing: 'no chromium' }]

/** Runs a command line tool on the data of an app in `folder`. */
function ottla(folder: string, bundle: string, args: readonly string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, APPDATA: folder, ...environment }
  return spawnSync(process.execPath, [join(root, 'out/main', bundle), ...args], { env, encoding: 'utf8' })
}

describe('connections in a browser', () => {
  itNeeds(inBrowser, 'are read from files of other tools, tried, and named on the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottla-app-'))
    const broker = await BrokerProcess.start({
      ui: true,
      memory: true,
      environment: { HOME: folder, XDG_DATA_HOME: folder, APPDATA: folder },
    })
    const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      const frames: string[] = []
      page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void frames.push(String(payload))))
      await page.goto(broker.ready.ui ?? '')
      await visit(page, 'connections/import')
      const text = [
        `bootstrap.servers=${cluster.addresses.sasl_ssl}`,
        'security.protocol=SASL_SSL',
        'sasl.mechanism=PLAIN',
        `sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="${password}";`,
        `ssl.truststore.location=${authorityFile}`,
        'ssl.cipher.suites=TLS_AES_128_GCM_SHA256',
        'acks=all',
        'ottla.name=billing',
        'ottla.stage=staging',
      ].join('\n')
      await page.getByLabel('Text of the file').fill('nonsense')
      await page.getByRole('button', { name: 'Read', exact: true }).click()
      await page.getByRole('alert').getByText('No connection was found.').waitFor()
      await page.getByLabel('Text of the file').fill(text)
      await page.getByRole('button', { name: 'Read', exact: true }).click()
      const rowOf = (given: string) => page.getByRole('row').filter({ has: page.getByText(given, { exact: true }) })
      await expect
        .poll(() => rowOf('sasl.jaas.config').textContent())
        .toBe('sasl.jaas.configsasl.username, sasl.password')
      await expect.poll(() => rowOf('ssl.cipher.suites').textContent()).toBe('ssl.cipher.suites✕ not understood')
      await expect.poll(() => rowOf('acks').textContent()).toContain('Not needed')
      expect(await accessibilityProblems(page)).toEqual([])
      await page.getByRole('button', { name: 'Add 1 connection' }).click()
      await page.getByRole('heading', { name: 'billing' }).waitFor()
      await page.getByRole('button', { name: 'Test', exact: true }).click()
      await page.getByRole('status', { name: 'Test' }).getByText('Everything works.').waitFor()

      // A file of several connections, and one of them under another name.
      await visit(page, 'connections/import')
      await page.getByLabel('File with connections').setInputFiles({
        name: 'rpk.yaml',
        mimeType: 'text/yaml',
        buffer: Buffer.from(
          `version: 6\nprofiles:\n  - name: local\n    kafka_api: { brokers: ["${cluster.addresses.plaintext}"] }\n  - name: cloud\n    kafka_api: { brokers: ["rp.example:9092"], tls: {} }\n`,
        ),
      })
      await page.getByText('2 connections were found').waitFor()
      await page.getByRole('checkbox', { name: 'Add cloud' }).uncheck()
      await page.getByLabel('Name', { exact: true }).first().fill('billing')
      await page.getByRole('button', { name: 'Add 1 connection' }).click()
      await page.getByRole('alert').getByText('There is a connection with the name billing already.').waitFor()
      await page.getByLabel('Name', { exact: true }).first().fill('panda')
      await page.getByRole('button', { name: 'Add 1 connection' }).click()
      await page.getByRole('heading', { name: 'panda' }).waitFor()
      await visit(page, 'connections')
      await expect
        .poll(() => page.getByRole('row').filter({ hasText: 'billing' }).textContent())
        .toContain('SASL_SSL · PLAIN')
      await page.getByRole('button', { name: 'Open billing' }).click()
      await page.getByText('ottla serve --cluster billing').waitFor()
      expect(frames.join('\n')).toContain('billing')
      expect(frames.join('\n')).not.toContain(password)
      expect(everythingIn(folder)).not.toContain(password)

      // Without the desktop app secrets come from the environment.
      const secret = { OTTLA_SECRET_BILLING_SASL_PASSWORD: password }
      expect(ottla(folder, 'connections.js', ['list']).stdout).toMatch(
        /billing +staging .*OTTLA_SECRET_BILLING_SASL_PASSWORD/,
      )
      const missing = ottla(folder, 'doctor.js', ['billing'])
      expect([missing.status, missing.stderr]).toEqual([
        1,
        'ottla: billing needs sasl.password: set OTTLA_SECRET_BILLING_SASL_PASSWORD, or name a file with it: --secret-file FILE.\n',
      ])
      expect(ottla(folder, 'doctor.js', ['billing'], secret)).toMatchObject({ status: 0 })
      const pages = await ClusterPages.ofConnection('billing', folder, secret)
      try {
        await page.goto(pages.ready.ui ?? '')
        await visit(page, 'topics')
        await page.getByRole('gridcell', { name: 'invoices', exact: true }).waitFor()
        const band = page.getByRole('complementary', { name: 'Cluster', exact: true })
        await expect.poll(() => band.textContent()).toBe('STAGINGbillingread-only')
        expect(frames.join('\n')).not.toContain(password)
      } finally {
        await pages.stop()
      }
    } finally {
      await browser.close()
      await broker.dispose()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('a cluster elsewhere in the desktop app', () => {
  itNeeds(
    electron,
    'is added, tried, opened beside the workspace, unlocked, and there again after a restart',
    async () => {
      const desktop = new Desktop()
      try {
        const own = await desktop.open()
        await recordFrames(desktop)
        await visit(own, 'connections')
        await own.getByText('Connections lead to clusters elsewhere').waitFor()
        expect(await accessibilityProblems(own)).toEqual([])
        await own.getByRole('button', { name: 'Add connection' }).first().click()
        await own.getByLabel('Name', { exact: true }).fill('payments')
        await own.getByLabel('Stage').selectOption('production')
        await own.getByLabel('Colour').selectOption('teal')
        await own.getByLabel('Bootstrap servers').fill(cluster.addresses.sasl_ssl)
        await own.getByLabel('Encryption').selectOption('tls')
        await own.getByLabel('Authentication').selectOption('PLAIN')
        await own.getByLabel('User', { exact: true }).fill('admin')
        await own.getByLabel('Password', { exact: true }).fill('wrong')
        // A draft survives a walk to another page.
        await visit(own, 'topics')
        await visit(own, 'connections/new')
        await expect.poll(() => own.getByLabel('User', { exact: true }).inputValue()).toBe('admin')

        const findings = own.getByRole('status', { name: 'Test' })
        await own.getByRole('button', { name: 'Test', exact: true }).click()
        await findings.getByText('Something fails: see above.').waitFor()
        await expect.poll(() => findings.textContent()).toContain('TLS')
        await own.getByLabel('Trusted certificates').selectOption('text')
        await own.getByLabel('Certificates in PEM').fill(authority)
        await own.getByRole('button', { name: 'Test', exact: true }).click()
        await findings.getByText('Something fails: see above.').waitFor()
        await expect.poll(() => findings.textContent()).toContain('SASL')
        await own.getByLabel('Password', { exact: true }).fill(password)
        await own.getByRole('button', { name: 'Test', exact: true }).click()
        await findings.getByText('Everything works.').waitFor()
        // The machine of the tests has no keyring: that is said, and storing is a choice.
        await own
          .getByText(/no keyring|until Ottla ends/)
          .first()
          .waitFor()
        const store = own.getByLabel('Store secrets nevertheless')
        const isStored = (await store.count()) > 0
        if (isStored) await store.check()
        await own.getByRole('button', { name: 'Save' }).click()
        await own.getByText('The connection payments was saved.').waitFor()
        await expect
          .poll(() => own.getByLabel('Password', { exact: true }).getAttribute('placeholder'))
          .toBe('set; type to replace it')
        expect(await accessibilityProblems(own)).toEqual([])

        const [remote] = await Promise.all([
          desktop.app.waitForEvent('window'),
          own.getByRole('button', { name: 'Open', exact: true }).click(),
        ])
        const band = remote.getByRole('complementary', { name: 'Cluster', exact: true })
        await expect.poll(() => band.textContent()).toBe('PRODUCTIONpaymentsread-onlyUnlock…')
        await visit(remote, 'topics')
        await remote.getByRole('gridcell', { name: 'invoices', exact: true }).waitFor()
        // A comparison leads to a topic in the other window, and to its copy.
        const form = (await own.evaluate(() => location.hash)).slice('#/'.length)
        await visit(own, 'connections/compare')
        await own.getByLabel('Right', { exact: true }).selectOption('payments')
        await own.getByRole('gridcell', { name: 'invoices', exact: true }).click()
        await own.getByRole('button', { name: 'Open in payments' }).click()
        await remote.getByRole('heading', { name: 'invoices' }).waitFor()
        await own.getByRole('button', { name: 'Copy from payments to this machine…' }).click()
        await remote.getByRole('heading', { name: 'Copy a slice of invoices' }).waitFor()
        await remote.keyboard.press('Escape')
        await visit(remote, 'topics')
        await visit(own, form)
        const create = remote.getByRole('button', { name: 'Create topic' })
        await expect
          .poll(() => create.getAttribute('title'))
          .toBe('This cluster is read-only. Unlock it in the band above the page to change it.')
        expect(await create.isDisabled()).toBe(true)
        await remote.getByRole('button', { name: 'Unlock…' }).click()
        await remote.getByLabel('Type payments to unlock it').fill('payment')
        expect(await remote.getByRole('button', { name: 'Unlock', exact: true }).isDisabled()).toBe(true)
        await remote.getByLabel('Type payments to unlock it').fill('payments')
        await remote.getByRole('button', { name: 'Unlock', exact: true }).click()
        await expect.poll(() => band.textContent()).toMatch(/can be changed for 1[0-4]:\d\dLock/)
        await createTopic(remote, 'refunds')
        await remote.getByRole('heading', { name: 'refunds' }).waitFor()
        await setAndDeleteGroup(remote, 'ledger', 'refunds')
        // An edited connection is dialled again, and locked again; a password that was typed into a field for others is not shown again.
        await own.getByLabel('Colour').selectOption('pink')
        await own.getByLabel('Other settings').fill(`sasl.password=${password}`)
        await own.getByRole('button', { name: 'Save' }).click()
        await expect.poll(() => own.getByLabel('Other settings').inputValue()).toBe('')
        await remote.getByText('Connected again with the changed settings.').waitFor()
        await expect.poll(() => band.textContent()).toBe('PRODUCTIONpaymentsread-onlyUnlock…')
        await visit(remote, 'topics')
        await remote.getByRole('gridcell', { name: 'refunds', exact: true }).waitFor()
        expect(readFileSync(join(desktop.folder, 'data/ottla/audit.jsonl'), 'utf8')).toContain('"api":"CreateTopics"')

        // The secret is in no message to a page, and in no file in clear text.
        const frames = await framesOf(desktop)
        expect(frames).toContain('payments')
        expect(frames).toContain('invoices')
        expect(frames).not.toContain(password)
        const files = everythingIn(desktop.folder)
        expect(files).toContain(cluster.addresses.sasl_ssl)
        expect(files).not.toContain(password)
        expect(files).not.toContain(Buffer.from(password).toString('base64'))
        await desktop.close()

        // Another cluster than at the first connect is refused, until it is accepted.
        const path = join(desktop.folder, 'data/ottla/connections.json')
        const stored = JSON.parse(readFileSync(path, 'utf8')) as { connections: { clusterId: string }[] }
        const clusterId = stored.connections[0]?.clusterId ?? ''
        expect(clusterId).toMatch(/^[\w-]{22}$/)
        const replaced = {
          ...stored.connections[0],
          id: 'replaced',
          name: 'replaced',
          stage: 'staging',
          settings: { 'bootstrap.servers': cluster.addresses.plaintext },
          secrets: [],
          clusterId: 'another-cluster-before',
        }
        writeFileSync(path, JSON.stringify({ version: 1, connections: [...stored.connections, replaced] }))
        await desktop.open({ answer: 0 })
        await expect.poll(() => desktop.app.windows().length).toBe(2)
        const mine = await desktop.windowNamed('test')
        const again = await desktop.windowNamed('payments')
        const bandAgain = again.getByRole('complementary', { name: 'Cluster', exact: true })
        if (!isStored) {
          // The band is there though the connection is not.
          await again
            .getByRole('alert')
            .getByText('payments needs sasl.password. Enter it on the Connections page.')
            .waitFor()
          await expect.poll(() => bandAgain.textContent()).toBe('PRODUCTIONpayments')
          await visit(mine, 'connections')
          await mine.getByRole('gridcell', { name: 'payments', exact: true }).click()
          await mine.getByLabel('Password', { exact: true }).fill(password)
          await mine.getByRole('button', { name: 'Save' }).click()
          await mine.getByText('The connection payments was saved.').waitFor()
        }
        await visit(again, 'topics')
        await again.getByRole('gridcell', { name: 'refunds', exact: true }).waitFor()
        await expect.poll(() => bandAgain.textContent()).toContain('read-only')

        await visit(mine, 'connections')
        const [other] = await Promise.all([
          desktop.app.waitForEvent('window'),
          mine.getByRole('button', { name: 'Open replaced' }).click(),
        ])
        const sentence = `This is another cluster: its id is ${clusterId}, and at the first connect it was another-cluster-before.`
        await other.getByRole('alert').getByText(sentence).waitFor()
        const [question] = await desktop.questions()
        expect(question?.message).toBe('Another cluster answers at the address of replaced.')
        await desktop.close()
        await desktop.open({ answer: 1 })
        await expect.poll(() => desktop.app.windows().length).toBe(3)
        const accepted = await desktop.windowNamed('replaced')
        await visit(accepted, 'topics')
        await accepted.getByRole('gridcell', { name: 'refunds', exact: true }).waitFor()

        // A cluster that is gone keeps no other window from working.
        await cluster.process.stop()
        const workspace = await desktop.windowNamed('test')
        await visit(workspace, 'topics')
        await createTopic(workspace, 'mine')
        await workspace.getByRole('heading', { name: 'mine' }).waitFor()

        // A cluster that is not there at the start is tried again.
        await desktop.close()
        await desktop.open()
        await expect.poll(() => desktop.app.windows().length).toBe(3)
        const absent = await desktop.windowNamed('replaced')
        await absent.getByRole('alert').getByText('It is tried again every 10 seconds.').waitFor()
        await cluster.process.startAgain()
        await visit(absent, 'topics')
        await absent.getByRole('gridcell', { name: 'refunds', exact: true }).waitFor()

        // One whose connection is deleted says so.
        const last = await desktop.windowNamed('test')
        await visit(last, 'connections')
        await last.getByRole('gridcell', { name: 'replaced', exact: true }).click({ button: 'right' })
        await last.getByRole('menuitem', { name: 'Delete…' }).click()
        await last.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
        await absent.getByRole('alert').getByText('This connection was deleted.').waitFor()
      } finally {
        await desktop.dispose()
      }
    },
    240_000,
  )
})

async function createTopic(page: Page, topic: string): Promise<void> {
  await page.getByRole('button', { name: 'Create topic' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill(topic)
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
}

/** Offsets are set, and a group is deleted, only after its name was typed. */
async function setAndDeleteGroup(page: Page, groupId: string, topic: string): Promise<void> {
  await visit(page, `groups/${groupId}/reset?topics=${topic}`)
  await page.getByRole('radio', { name: 'Earliest', exact: true }).check({ force: true })
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('3 partitions: 3 committed for the first time').waitFor()
  const confirm = async (action: string) => {
    const button = dialog.getByRole('button', { name: action, exact: true })
    expect(await button.isDisabled()).toBe(true)
    await dialog.getByLabel(`Type ${groupId} to confirm`).fill(groupId)
    await button.click()
  }
  await confirm('Apply')
  await page.getByText(`Reset the offsets of ${groupId}.`).waitFor()
  await page.getByText('No such group yet').waitFor({ state: 'detached' })
  await visit(page, `groups/${groupId}`)
  await page.getByRole('button', { name: 'Delete…' }).click()
  await dialog.getByText(`${topic}: 3 committed offsets`).waitFor()
  await confirm('Delete')
  await page.getByText(`Deleted group ${groupId}.`).waitFor()
}
