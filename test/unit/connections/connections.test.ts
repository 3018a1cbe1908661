import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { productionClusters } from '../../../src-main/connection-pages'
import { Connections } from '../../../src-main/connections/connections'
import { type Cipher, EncryptedSecrets } from '../../../src-main/connections/encrypted-secrets'
import { settingsByName, variableOfSecret } from '../../../src-main/connections/headless-secrets'
import { answerKeeperCall, distantKeeper, keeperOf } from '../../../src-main/connections/keeper'
import { MemorySecrets, type SecretStore } from '../../../src-main/connections/secrets'
import type { ConnectionDraft } from '../../../src-main/contract/connections'

let folder: string
const faults: unknown[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-connections-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  expect(faults).toEqual([])
})

const open = (secrets: SecretStore = new MemorySecrets()) =>
  new Connections({
    path: join(folder, 'connections.json'),
    secrets,
    now: () => 17,
    onError: (error) => void faults.push(error),
  })

/** Turns bytes around: no encryption, but nothing is left in clear text. */
const turning: Cipher = {
  storage: () => 'keyring',
  encrypt: (text) => Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer,
  decrypt: (bytes) => bytes.map((byte) => byte ^ 0xff).toString(),
}
const encrypted = (cipher = turning) => new EncryptedSecrets(join(folder, 'secrets.json'), cipher, () => 17)

const draft = (part: Partial<ConnectionDraft> = {}): ConnectionDraft => ({
  id: null,
  name: 'payments',
  color: 'teal',
  stage: 'production',
  settings: { 'bootstrap.servers': 'a:9092', 'sasl.username': 'alice' },
  secrets: { 'sasl.password': 'hush-hush' },
  storesSecrets: true,
  ...part,
})

/** The text of every file of the app's folder. */
const everything = () =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')

describe('clusters in production', () => {
  it('are known by the id that was noted at the first connect, as connections come and change', async () => {
    const connections = open()
    const id = connections.save(draft())
    connections.save(draft({ name: 'other' }))
    const production = await productionClusters(keeperOf(connections, null), (error) => void faults.push(error))
    expect(production.nameOf('cluster-1')).toBeUndefined()
    connections.pin(id, 'cluster-1')
    await expect.poll(() => production.nameOf('cluster-1')).toBe('payments')
    connections.save(draft({ id, stage: 'staging' }))
    await expect.poll(() => production.nameOf('cluster-1')).toBeUndefined()
    production.end()
  })
})

describe('stored connections', () => {
  it('are there after a restart, each secret only as set or not set', () => {
    const id = open(encrypted()).save(draft())
    const again = open(encrypted())
    expect(again.lines()).toEqual([
      {
        id,
        name: 'payments',
        color: 'teal',
        stage: 'production',
        settings: { 'bootstrap.servers': 'a:9092', 'sasl.username': 'alice' },
        secrets: [{ setting: 'sasl.password', isSet: true }],
        clusterId: null,
      },
    ])
    expect(again.settings(id).settings.get('sasl.password')).toBe('hush-hush')
    expect(everything()).not.toContain('hush')
    expect(everything()).not.toContain(Buffer.from('hush-hush').toString('base64'))
    expect(statSync(join(folder, 'connections.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)
  })

  it('tell which one is dialled or shown otherwise: not one that was saved as it was, or whose cluster became known', () => {
    const connections = open()
    const edited: string[] = []
    connections.edited((id) => void edited.push(id))
    const id = connections.save(draft())
    connections.save(draft({ id, secrets: {} }))
    connections.save(draft({ id, secrets: { 'sasl.password': 'hush-hush' } }))
    connections.pin(id, 'cluster-1')
    expect(edited).toEqual([])
    connections.save(draft({ id, secrets: { 'sasl.password': 'another' } }))
    connections.save(draft({ id, secrets: {}, stage: 'test' }))
    connections.save(draft({ id, secrets: {}, stage: 'test', settings: { 'bootstrap.servers': 'b:9092' } }))
    expect(edited).toEqual([id, id, id])
    connections.remove(id)
    expect(edited).toEqual([id, id, id, id])
  })

  it('take for a secret what is not known to be harmless, wherever it was given', () => {
    const connections = open(encrypted())
    const id = connections.save(
      draft({
        settings: {
          'bootstrap.servers': 'a:9092',
          'sasl.jaas.config': 'X required password="hush";',
          'a.setting.of.tomorrow': 'hush',
          'ssl.keystore.certificate.chain': '-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----hush',
          'schema.registry.url': 'https://u:hush@r',
        },
      }),
    )
    expect(JSON.stringify(connections.lines())).not.toContain('hush')
    expect(everything()).not.toContain('hush')
    expect(connections.settings(id).settings.size).toBe(6)
  })

  it.each([
    ['*.svc=bastion:1,*=socks5://me:hush@proxy:1080', true],
    ['*=SOCKS5://me:hush@proxy', true],
    ['*=socks5://me:hu/sh@proxy', true],
    ['*=socks5://me:hu#sh@proxy', true],
    ['*=socks5://me:hu,sh@proxy', true],
    ['*=ssh://me:hush@bastion', true],
    ['*=ssh://me@bastion,#2=socks5://proxy:1080', false],
    ['kafka-1:9092=localhost:19092,*.svc=localhost:{19092+id},*=bootstrap', false],
  ])('keep the address rules %s as a secret when a password is in them: %s', (rules, isSecret) => {
    const connections = open(encrypted())
    const settings = { 'bootstrap.servers': 'a:9092', 'ottla.addresses': rules }
    const id = connections.save(draft({ settings, secrets: {} }))
    expect(JSON.stringify(connections.lines()).includes(rules)).toBe(!isSecret)
    expect(everything().includes(rules)).toBe(!isSecret)
    expect(connections.lines()[0]?.secrets).toEqual(isSecret ? [{ setting: 'ottla.addresses', isSet: true }] : [])
    expect(connections.settings(id).settings.get('ottla.addresses')).toBe(rules)
  })

  it('keep a secret that a form does not name, and remove one that it empties', () => {
    const connections = open(encrypted())
    const id = connections.save(draft())
    connections.save(draft({ id, name: 'billing', secrets: {} }))
    expect(connections.settings(id).settings.get('sasl.password')).toBe('hush-hush')
    connections.save(draft({ id, secrets: { 'sasl.password': null } }))
    expect(connections.lines()[0]?.secrets).toEqual([])
    expect(existsSync(join(folder, 'secrets.json')) && everything().includes(id)).toBe(true)
    expect(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'))).toMatchObject({ secrets: {} })
  })

  it('are copied with their secrets under a free name, without the id of the cluster', () => {
    const connections = open(encrypted())
    const id = connections.save(draft())
    connections.pin(id, 'cluster-1')
    const copies = [connections.duplicate(id, true), connections.duplicate(id, true)]
    expect(connections.lines().map(({ name, clusterId }) => [name, clusterId])).toEqual([
      ['payments', 'cluster-1'],
      ['payments copy', null],
      ['payments copy 2', null],
    ])
    expect(connections.settings(copies[1] ?? '').settings.get('sasl.password')).toBe('hush-hush')
    connections.remove(id)
    expect(everything()).not.toContain(id)
  })

  it.each([
    [{ name: ' ' }, 'Give the connection a name.'],
    [{ name: 'a/b' }, 'The name of a connection cannot have slashes or line breaks in it.'],
    [{ name: 'kafka:9092' }, 'The name "kafka:9092" looks like an address.'],
    [{ name: ' PAYMENTS ' }, 'There is a connection with the name PAYMENTS already.'],
    [{ name: 'x', settings: {} }, 'bootstrap.servers names no server.'],
    [{ name: 'x', settings: { 'bootstrap.servers': 'a' } }, 'The bootstrap server "a" needs the form HOST:PORT.'],
    [{ id: 'none' }, 'This connection was deleted.'],
  ] as const)('refuse what cannot be used: %j', (part, sentence) => {
    const connections = open()
    connections.save(draft())
    expect(() => connections.save(draft(part))).toThrow(sentence)
    expect(connections.all()).toHaveLength(1)
  })
})

describe('the file of the connections', () => {
  it('that cannot be understood is kept under another name, and that is said', () => {
    const file = join(folder, 'connections.json')
    for (const text of ['{', '{"version":1,"connections":[{"id":1}]}', '[]']) {
      writeFileSync(file, text)
      const connections = open()
      expect(connections.all()).toEqual([])
      expect(connections.problem).toContain(`It is kept as ${file}.unreadable-17, and Ottla begins with an empty one.`)
      expect(readFileSync(`${file}.unreadable-17`, 'utf8')).toBe(text)
      connections.save(draft())
      expect(connections.lines()).toHaveLength(1)
      rmSync(file)
    }
  })

  it('of a newer version, or one that cannot be opened, is left unchanged', () => {
    const file = join(folder, 'connections.json')
    writeFileSync(file, '{"version":2,"connections":"elsewhere"}')
    const connections = open()
    expect(connections.lines()).toEqual([])
    expect(() => connections.save(draft())).toThrow('Nothing was saved.')
    expect(connections.problem).toBe(
      `${file} was written by a newer version of Ottla. This version does not change it.`,
    )
    expect(readFileSync(file, 'utf8')).toContain('elsewhere')
  })
})

describe('secrets', () => {
  it('that are not to be stored are forgotten at the end', () => {
    const connections = open(encrypted())
    const id = connections.save(draft({ storesSecrets: false }))
    expect(connections.lines()[0]?.secrets).toEqual([{ setting: 'sasl.password', isSet: true }])
    expect(existsSync(join(folder, 'secrets.json'))).toBe(false)
    const again = open(encrypted())
    expect(again.lines()[0]?.secrets).toEqual([{ setting: 'sasl.password', isSet: false }])
    expect(again.settings(id).missing).toEqual(['sasl.password'])
  })

  it('that the system can no longer decrypt are not set, and that is said', () => {
    open(encrypted()).save(draft())
    const replaced: Cipher = {
      ...turning,
      decrypt: () => {
        throw new Error('another key')
      },
    }
    const connections = open(encrypted(replaced))
    expect(connections.lines()[0]?.secrets).toEqual([{ setting: 'sasl.password', isSet: false }])
    expect(connections.problem).toContain('Some secrets cannot be decrypted')
  })

  it('come from the environment, a file or a prompt where the stored ones cannot be read', async () => {
    open(encrypted()).save(draft())
    const connections = open()
    const file = join(folder, 'secrets.properties')
    writeFileSync(file, 'sasl.password=of the file')
    const environment = { OTTLA_SECRET_PAYMENTS_SASL_PASSWORD: 'of the environment' }
    const prompt = async (question: string) => `typed at ${question}`
    const passwordOf = async (sources: Parameters<typeof settingsByName>[2]) =>
      (await settingsByName(connections, 'Payments', sources))?.get('sasl.password')
    expect(await passwordOf({ environment, file, prompt })).toBe('of the environment')
    expect(await passwordOf({ environment: {}, file, prompt })).toBe('of the file')
    expect(await passwordOf({ environment: {}, file: null, prompt })).toBe('typed at sasl.password of payments: ')
    await expect(passwordOf({ environment: {}, file: null, prompt: null })).rejects.toThrow(
      'payments needs sasl.password: set OTTLA_SECRET_PAYMENTS_SASL_PASSWORD, or name a file with it: --secret-file FILE.',
    )
    expect(await settingsByName(connections, 'orders', { environment, file: null, prompt: null })).toBeUndefined()
    expect(variableOfSecret('Payments – EU', 'sasl.password')).toBe('OTTLA_SECRET_PAYMENTS_EU_SASL_PASSWORD')
  })
})

it('a thread asks the process that keeps the connections, and is told of changes', async () => {
  const connections = open()
  const opened: string[] = []
  const keeper = keeperOf(connections, (id, view) => void opened.push(`${id} ${view}`))
  const { keeper: distant, heard } = distantKeeper(
    (call) => void answerKeeperCall(keeper, structuredClone(call)).then((news) => heard(structuredClone(news))),
    (error) => void faults.push(error),
  )
  keeper.changed(() => heard({ type: 'connectionsChanged' }))
  let changes = 0
  distant.changed(() => void changes++)
  const id = await distant.save(draft())
  expect(changes).toBe(1)
  expect(await distant.view()).toEqual({
    connections: connections.lines(),
    secretStorage: 'memory',
    problem: null,
    opensWindows: true,
  })
  expect(await distant.dialSettings(id)).toMatchObject({ name: 'payments', settings: { 'sasl.password': 'hush-hush' } })
  expect(await distant.dialSettingsOfDraft(draft({ id, secrets: {} }))).toMatchObject({ 'sasl.password': 'hush-hush' })
  await distant.open(id, null)
  await distant.open(id, '/topics/orders')
  expect(opened).toEqual([`${id} null`, `${id} /topics/orders`])
  await expect(distant.remove('x').then(() => distant.open('x', null))).rejects.toThrow('This connection was deleted.')
})
