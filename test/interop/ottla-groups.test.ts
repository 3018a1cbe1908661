import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { readClientConfig } from '../../src-main/client/config/client-config'
import { GroupConsumer } from '../../src-main/client/consumer/consumer'
import { Producer } from '../../src-main/client/producer'
import { defaultSettings } from '../../src-main/client/settings'
import { operationCodes, patternTypeCodes, permissionCodes, resourceTypeCodes } from '../../src-main/protocol/acl-codes'
import { ApacheKafka, needsApacheKafka } from '../support/apache-kafka'
import { BrokerProcess } from '../support/broker'
import { needsOpenssl, TestAuthority } from '../support/certificates'
import { ClusterPages, contentOf } from '../support/cluster-pages'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'

const needs = [needsApacheKafka(), needsOpenssl()]
const isThere = needs.every(({ missing }) => missing === undefined)
const root = resolve(__dirname, '../..')

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

/** `ottla groups ...` in a process of its own. */
function groups(...args: readonly string[]): Promise<Ended> {
  return ottla('groups', ...args)
}

function ottla(command: 'groups' | 'copy', ...args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, `out/main/${command}.js`), ...args])
    let [out, errors] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.once('close', (code) => done({ code, out, errors }))
  })
}

const clients: KafkaClient[] = []

function clientOf(config: string): KafkaClient {
  const { settings } = readClientConfig(config, Date.now)
  const client = new KafkaClient(
    { ...defaultSettings, clientId: 'tester', bootstrap: [], ...settings },
    { clock: systemClock },
  )
  clients.push(client)
  return client
}

/** Records of an old date are deleted by the first look at the retention, half a minute after the start. */
const kept = { 'retention.ms': '-1' }
const record = (value: string) => ({ key: null, value: Buffer.from(value), timestamp: Date.UTC(2026, 0, 1) })

const nowhere = { value: null, groupId: null, offsets: null } as const

/** A consumer that has read and committed everything that there is, and is still a member; `close` makes it leave. */
async function consumed(client: KafkaClient, groupId: string, topic: string, count: number): Promise<GroupConsumer> {
  let seen = 0
  let all = () => {}
  const read = new Promise<void>((resolve) => {
    all = resolve
  })
  const consumer = new GroupConsumer(client, {
    groupId,
    topics: [topic],
    sessionTimeoutMs: 45_000,
    rebalanceTimeoutMs: 30_000,
    heartbeatMs: 1000,
    commitEveryMs: 0,
    isolation: 'read_committed',
    reset: 'earliest',
    onRecords: (_, records) => {
      seen += records.length
      if (seen >= count) all()
    },
    onError: () => {},
  })
  consumer.start()
  await read
  return consumer
}

describe('ottla groups on an Apache Kafka with three nodes', () => {
  let kafka: ApacheKafka
  let server: readonly string[]

  beforeAll(async () => {
    if (!isThere) return
    kafka = await ApacheKafka.cluster()
    server = ['--bootstrap-server', kafka.bootstrap]
    const client = clientOf(`bootstrap.servers=${kafka.bootstrap}`)
    await createTopics(client, [{ name: 'orders', partitions: 6, replicationFactor: 3, configs: kept }])
    const producer = new Producer(client, { codec: 'zstd' })
    // Partition 0 has one record, partition 1 two, ...
    for (let partition = 0; partition < 6; partition++) {
      await producer.sendTo(
        'orders',
        partition,
        Array.from({ length: partition + 1 }, (_, i) => record(`${i}`)),
      )
    }
    // Groups of every coordinator.
    for (let i = 0; i < 6; i++) await (await consumed(client, `group-${i}`, 'orders', 21)).close()
  }, 240_000)
  afterAll(async () => {
    for (const client of clients.splice(0)) client.dispose()
    await kafka?.dispose()
  }, 60_000)

  itNeeds(needs, 'lists the groups of all brokers', async () => {
    const { code, out, errors } = await groups('list', ...server)
    expect([code, errors]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      'GROUP    TYPE     STATE',
      ...Array.from({ length: 6 }, (_, i) => `group-${i}  Classic  Empty`),
      '',
    ])
  })

  itNeeds(needs, 'describes what kafka-consumer-groups describes', async () => {
    const { code, out } = await groups('describe', 'group-3', ...server)
    expect(code).toBe(0)
    const ours = out
      .split('\n')
      .filter((line) => line.startsWith('orders'))
      .map((line) => line.split(/\s+/).slice(0, 5).join(' '))
    expect(ours).toEqual(Array.from({ length: 6 }, (_, i) => `orders ${i} ${i + 1} ${i + 1} 0`))
    const theirs = await kafka.tool('ConsumerGroupCommand', ...server, '--describe', '--group', 'group-3')
    const lines = theirs
      .split('\n')
      .filter((line) => line.includes('orders'))
      .map((line) => line.trim().split(/\s+/).slice(1, 6).join(' '))
    expect(lines.sort()).toEqual(ours)
  })

  itNeeds(needs, 'resets partitions of every leader, and shows first what it will do', async () => {
    const dry = await groups('reset', 'group-1', '--to-earliest', ...server)
    expect(dry.code).toBe(0)
    expect(dry.out).toContain('orders  5          6               0\n')
    expect(dry.out).toContain('Dry run: nothing changed.')
    expect((await groups('describe', 'group-1', ...server)).out).toContain(
      'orders  5          6               6               0',
    )
    const done = await groups('reset', 'group-1', '--shift-by', '-1', '--execute', ...server)
    expect([done.code, done.errors]).toEqual([0, ''])
    const { out } = await groups('describe', 'group-1', ...server)
    const offsets = out
      .split('\n')
      .filter((line) => line.startsWith('orders'))
      .map((line) => line.split(/\s+/)[2])
    expect(offsets).toEqual(['0', '1', '2', '3', '4', '5'])
    const byTime = await groups(
      'reset',
      'group-1',
      '--to-datetime',
      '2027-01-01T00:00:00.000',
      '--topic',
      'orders:2,5',
      '--execute',
      ...server,
    )
    expect(byTime.code).toBe(0)
    expect((await groups('describe', 'group-1', ...server)).out).toContain(
      'orders  5          6               6               0',
    )
  })

  itNeeds(needs, 'moves a group that has members with --fence only', async () => {
    const client = clientOf(`bootstrap.servers=${kafka.bootstrap}`)
    const consumer = await consumed(client, 'busy', 'orders', 21)
    const refused = await groups('reset', 'busy', '--to-earliest', '--execute', ...server)
    expect(refused.code).toBe(1)
    expect(refused.errors).toContain('Group busy has 1 active member: stop them, or remove them with --fence.')
    const fenced = await groups('reset', 'busy', '--to-latest', '--execute', '--fence', ...server)
    expect([fenced.code, fenced.errors]).toEqual([0, ''])
    await consumer.close()
    client.dispose()
  })

  itNeeds(needs, 'deletes offsets and groups, and says what cannot be deleted', async () => {
    const offsets = await groups('delete-offsets', 'group-5', '--topic', 'orders:0', ...server)
    expect([offsets.code, offsets.errors]).toEqual([0, ''])
    expect((await groups('describe', 'group-5', ...server)).out).not.toContain('orders  0 ')
    expect((await groups('delete', 'group-5', 'group-4', ...server)).code).toBe(0)
    const again = await groups('delete', 'group-5', ...server)
    expect(again.code).toBe(1)
    expect(again.errors).toContain('Group group-5 cannot be deleted: GROUP_ID_NOT_FOUND.')
    expect((await groups('list', ...server)).out).not.toContain('group-5')
  })

  itNeeds(needs, 'is shown by ottla serve --cluster, and nothing is written by looking', async () => {
    const client = clientOf(`bootstrap.servers=${kafka.bootstrap}`)
    const before = await contentOf(client)
    const served = await ClusterPages.start(kafka.bootstrap, [])
    onTestFinished(() => served.stop())
    const page = await TestPage.open(served)
    const topics = await page.picture('topics', (lines) => lines.some(({ messages }) => messages === 21))
    expect(topics.find(({ name }) => name === 'orders')).toMatchObject({
      partitions: 6,
      messages: 21,
      cleanupPolicy: 'delete',
    })
    const groupLines = await page.picture('groups')
    expect(groupLines.find(({ groupId }) => groupId === 'group-0')).toMatchObject({ state: 'Empty', lag: 0 })
    for (const from of ['newest', 'oldest'] as const) {
      const rows = await page.search({ topics: ['orders'], from })
      expect(rows.map(({ partition, offset }) => `${partition}:${offset}`).sort()).toEqual(
        Array.from({ length: 6 }, (_, p) => Array.from({ length: p + 1 }, (_, o) => `${p}:${o}`)).flat(),
      )
    }
    const late = await page.search({ topics: ['orders'], from: 'time', value: Date.UTC(2027, 0, 1) })
    expect(late).toEqual([])
    const place = { topic: 'orders', partition: 5, offset: 3 }
    expect(await page.ask('messages.detail', place)).toMatchObject({ value: { text: '3' }, batch: { codec: 'zstd' } })
    const configs = await page.ask('topic.configs', { topic: 'orders' })
    expect(configs.find(({ name }) => name === 'cleanup.policy')).toMatchObject({ value: 'delete', type: 'list' })
    const reset = { groupId: 'group-0', to: { ...nowhere, to: 'earliest' }, topics: [], partitions: null } as const
    expect((await page.ask('reset.plan', reset)).lines.map(({ next }) => next)).toEqual([0, 0, 0, 0, 0, 0])
    await expect(page.ask('reset.apply', { ...reset, fence: false })).rejects.toThrow('read-only')
    page.close()
    expect(await contentOf(client)).toEqual(before)
    client.dispose()
  })

  itNeeds(
    needs,
    'goes on while a node is stopped and started, and stays as it is by its own tools',
    async () => {
      const own = async () => ({
        // All topics with the ends of their logs, also those that the cluster keeps for itself, and all groups with their offsets.
        ends: (await kafka.tool('GetOffsetShell', '--bootstrap-server', kafka.bootstrap)).split('\n').sort(),
        groups: (await kafka.tool('ConsumerGroupCommand', ...server, '--describe', '--all-groups')).split('\n').sort(),
      })
      const before = await own()
      const served = await ClusterPages.start(kafka.bootstrap, [])
      onTestFinished(() => served.stop())
      const page = await TestPage.open(served)
      const places = async () =>
        (await page.search({ topics: ['orders'], from: 'oldest' }))
          .map(({ partition, offset }) => `${partition}:${offset}`)
          .sort()
      const all = Array.from({ length: 6 }, (_, p) => Array.from({ length: p + 1 }, (_, o) => `${p}:${o}`)).flat()
      expect(await places()).toEqual(all)
      await kafka.stopNode(2)
      // Another node leads its partitions as soon as the controller says so; until then a search may say that it cannot be read.
      await expect.poll(() => places().catch((error: unknown) => String(error))).toEqual(all)
      const lines = await page.picture('topics', (topics) => topics.some(({ messages }) => messages === 21))
      expect(lines.find(({ name }) => name === 'orders')?.partitions).toBe(6)
      await kafka.startNode(2)
      await expect.poll(() => places().catch((error: unknown) => String(error))).toEqual(all)
      expect((await page.picture('groups')).find(({ groupId }) => groupId === 'group-0')).toMatchObject({
        state: 'Empty',
      })
      page.close()
      expect(await own()).toEqual(before)
    },
    300_000,
  )

  itNeeds(needs, 'is copied by ottla copy, with the offsets of a group, and stays as it is', async () => {
    const client = clientOf(`bootstrap.servers=${kafka.bootstrap}`)
    const before = await contentOf(client)
    const broker = await BrokerProcess.start({ memory: true })
    const from = ['--from', kafka.bootstrap, '--to', broker.address, '--topic', 'orders']
    const { code, out, errors } = await ottla('copy', ...from, '--last', '12', '--groups', 'group-0')
    expect([code, errors]).toEqual([0, ''])
    expect(out).toContain('Copied 12 messages')
    const here = clientOf(`bootstrap.servers=${broker.address}`)
    const values = new Map<number, string[]>()
    const consumer = new GroupConsumer(here, {
      groupId: 'reader',
      topics: ['orders'],
      sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 30_000,
      heartbeatMs: 1000,
      commitEveryMs: 0,
      isolation: 'read_committed',
      reset: 'earliest',
      onRecords({ partition }, records) {
        expect(records.every(({ timestamp }) => timestamp === record('').timestamp)).toBe(true)
        values.set(partition, [...(values.get(partition) ?? []), ...records.map(({ value }) => String(value))])
      },
      onError: () => {},
    })
    consumer.start()
    // The newest of each partition: of 1, 2, 3, 4, 5 and 6 messages.
    await vi.waitFor(() => expect([...values.values()].flat()).toHaveLength(12), 30_000)
    await consumer.close()
    expect([...values].sort(([a], [b]) => a - b).map(([, some]) => some)).toEqual([
      ['0'],
      ['0', '1'],
      ['0', '1', '2'],
      ['2', '3'],
      ['3', '4'],
      ['4', '5'],
    ])
    const described = await groups('describe', 'group-0', '--bootstrap-server', broker.address)
    expect(described.out).toContain('orders  5          2               2               0')
    await broker.dispose()
    expect(await contentOf(client)).toEqual(before)
  })

  itNeeds(needs, 'is changed by ottla serve --cluster --writable', async () => {
    const served = await ClusterPages.start(kafka.bootstrap, ['--writable'])
    onTestFinished(() => served.stop())
    const page = await TestPage.open(served)
    await page.ask('topic.create', { topic: 'made-here', partitions: 2, configs: { 'retention.ms': '60000' } })
    const message = {
      topic: 'made-here',
      partition: 1,
      key: 'k',
      value: 'v',
      headers: [],
      codec: 'lz4',
      count: 3,
      timestamp: null,
    } as const
    expect(await page.ask('messages.produce', message)).toEqual({ partition: 1, offset: 0 })
    expect(await page.search({ topics: ['made-here'], from: 'newest' })).toHaveLength(3)
    const reset = {
      groupId: 'group-0',
      to: { ...nowhere, to: 'offset', value: 1 },
      topics: [],
      partitions: null,
    } as const
    await page.ask('reset.apply', { ...reset, fence: false })
    expect((await groups('describe', 'group-0', ...server)).out).toContain(
      'orders  5          1               6               5',
    )
    const [entry] = await page.ask('reset.history', { groupId: 'group-0' })
    await page.ask('reset.undo', { groupId: 'group-0', id: entry?.id ?? 0, fence: false })
    expect((await groups('describe', 'group-0', ...server)).out).toContain(
      'orders  5          6               6               0',
    )
    await page.ask('topics.delete', { topics: ['made-here'] })
    page.close()
  })
})

describe('ottla groups on an Apache Kafka with SASL_SSL and an authorizer', () => {
  let kafka: ApacheKafka
  let folder: string
  let secured: string
  const authorities: TestAuthority[] = []

  /** A client.properties of a user. */
  const configOf = (user: string, password = `${user}-secret`, ca = 'ca.pem') => {
    const file = join(folder, `${user}-${password}-${ca}.properties`)
    writeFileSync(
      file,
      [
        `bootstrap.servers=${secured}`,
        'security.protocol=SASL_SSL',
        'ssl.truststore.type=PEM',
        `ssl.truststore.location=${join(folder, ca)}`,
        'sasl.mechanism=PLAIN',
        `sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="${user}" password="${password}";`,
      ].join('\n'),
    )
    return ['--command-config', file]
  }

  beforeAll(async () => {
    if (!isThere) return
    folder = mkdtempSync(join(tmpdir(), 'ottla-kafka-'))
    const [authority, other] = [new TestAuthority(), new TestAuthority()]
    authorities.push(authority, other)
    const { key, cert } = authority.issue('/CN=localhost')
    writeFileSync(join(folder, 'ca.pem'), authority.cert)
    writeFileSync(join(folder, 'other.pem'), other.cert)
    writeFileSync(join(folder, 'broker.pem'), `${key}${cert}`)
    kafka = await ApacheKafka.single(({ port, controllerPort, otherPort }) => {
      secured = `127.0.0.1:${otherPort}`
      return [
        // The last of equal settings wins.
        `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},SASL_SSL://${secured}`,
        `advertised.listeners=PLAINTEXT://127.0.0.1:${port},SASL_SSL://${secured}`,
        'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL',
        'sasl.enabled.mechanisms=PLAIN',
        'listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_admin="admin-secret" user_alice="alice-secret" user_bob="bob-secret";',
        'ssl.keystore.type=PEM',
        `ssl.keystore.location=${join(folder, 'broker.pem')}`,
        'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users=User:ANONYMOUS;User:admin',
        'group.initial.rebalance.delay.ms=0',
      ]
    })
    const client = clientOf(`bootstrap.servers=${kafka.bootstrap}`)
    await createTopics(client, [{ name: 'orders', partitions: 2, configs: kept }])
    await new Producer(client).sendTo('orders', 1, [record('a'), record('b')])
    await (await consumed(client, 'billing', 'orders', 2)).close()
    // READ of a group lets a member commit; a topic needs READ for that too, and alice has DESCRIBE only.
    const creations = [
      ['GROUP', 'billing', 'READ'],
      ['TOPIC', 'orders', 'DESCRIBE'],
    ] as const
    await client.ask({ to: 'any' }, 'CreateAcls', {
      creations: creations.map(([type, resourceName, operation]) => ({
        resourceType: resourceTypeCodes.code(type),
        resourceName,
        resourcePatternType: patternTypeCodes.code('LITERAL'),
        principal: 'User:alice',
        host: '*',
        operation: operationCodes.code(operation),
        permissionType: permissionCodes.code('ALLOW'),
      })),
    })
  }, 240_000)
  afterAll(async () => {
    for (const authority of authorities) authority.dispose()
    for (const client of clients.splice(0)) client.dispose()
    await kafka?.dispose()
    if (folder) rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  itNeeds(needs, 'lists, describes and resets as a user who may', async () => {
    const admin = configOf('admin')
    expect(await groups('list', ...admin)).toMatchObject({
      code: 0,
      out: 'GROUP    TYPE     STATE\nbilling  Classic  Empty\n',
      errors: '',
    })
    const reset = await groups('reset', 'billing', '--to-earliest', '--execute', ...admin)
    expect([reset.code, reset.errors]).toEqual([0, ''])
    expect((await groups('describe', 'billing', ...admin)).out).toContain(
      'orders  1          0               2               2',
    )
  })

  itNeeds(needs, 'moves nothing for a user who may not, and says which permission is missing', async () => {
    const alice = configOf('alice')
    const described = await groups('describe', 'billing', ...alice)
    expect(described).toMatchObject({ code: 0, errors: '' })
    const [server, command] = [
      ['--bootstrap-server', secured],
      ['--describe', '--group', 'billing'],
    ]
    const theirs = await kafka.tool('ConsumerGroupCommand', ...server, ...alice, ...command)
    for (const out of [described.out, theirs]) expect(out).toMatch(/orders +1 +0 +2 +2 /)
    const reset = await groups('reset', 'billing', '--to-latest', '--execute', ...alice)
    expect(reset.code).toBe(1)
    expect(reset.errors).toContain('TOPIC_AUTHORIZATION_FAILED')
    expect((await groups('describe', 'billing', ...configOf('admin'))).out).toContain(
      'orders  1          0               2               2',
    )
    const bob = await groups('describe', 'billing', ...configOf('bob'))
    expect(bob.code).toBe(1)
    expect(bob.errors).toContain('GROUP_AUTHORIZATION_FAILED')
  })

  itNeeds(needs, 'shows and changes its ACLs, users and quotas in the pages of ottla serve --cluster', async () => {
    const served = await ClusterPages.start(kafka.bootstrap, ['--writable'])
    onTestFinished(() => served.stop())
    const page = await TestPage.open(served)
    const { acls: before } = await page.picture('security', ({ acls }) => acls.length === 2)
    const acl = { ...before[0]!, principal: 'User:carol' }
    await page.ask('security.acl', { acl, remove: false })
    await page.ask('security.user', { user: 'carol', mechanism: 'SCRAM-SHA-256', password: 'carol-secret' })
    const entity = { user: 'carol' }
    await page.ask('security.quota', { entity, limit: 'producer_byte_rate', value: 1000 })
    await page.picture('security', ({ acls, users }) => acls.length === 3 && users[0]?.name === 'carol')
    await page.picture('security', ({ quotas }) => quotas[0]?.values.producer_byte_rate === 1000)
    await page.ask('security.acl', { acl, remove: true })
    await page.ask('security.unquota', { entity })
    await page.picture('security', ({ acls, quotas }) => acls.length === 2 && quotas.length === 0)
  })

  itNeeds(needs, 'says what is wrong with a password, an authority, or a protocol', async () => {
    const wrong = await groups('list', ...configOf('admin', 'wrong'))
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.errors).toBe(
      `ottla: ${secured} refused the authentication with PLAIN: Authentication failed: Invalid username or password.\n`,
    )
    const other = await groups('list', ...configOf('admin', 'admin-secret', 'other.pem'))
    expect(other.code).toBe(1)
    expect(other.errors).toContain(`The certificate of ${secured} is not signed by a trusted authority`)
    const plain = await groups('list', '--bootstrap-server', secured)
    expect(plain.code).toBe(1)
    expect(plain.errors).toContain('set security.protocol=SSL, or SASL_SSL with a user.')
    const tls = await groups('list', ...configOf('admin'), '--bootstrap-server', kafka.bootstrap)
    expect(tls.code).toBe(1)
    expect(tls.errors).toContain(`${kafka.bootstrap} does not speak TLS: set security.protocol=PLAINTEXT`)
  })
})
