/**
 * Pages with much to show: 5,000 topics, a group of 1,000 partitions, a message of 10 MB, a JSON list of 60,000 items, 50 groups in a storm.
 * Each input is a real key or click; its answer is the next painted frame (Event Timing), and the time of the page's thread that it cost.
 */
import type { CDPSession, Page } from 'playwright-core'
import { systemClock } from '../../src-main/base/clock'
import { Connection } from '../../src-main/client/connection'
import { dialTcp } from '../../src-main/client/dial'
import { defaultSettings } from '../../src-main/client/settings'
import { encodeBatch } from '../../src-main/records/encode'

const topics = 5000
const partitions = 1000
const items = 60_000
const stormGroups = 50

export interface Figure {
  readonly name: string
  readonly [measure: string]: number | string
}

async function connect(address: string): Promise<Connection> {
  const colon = address.lastIndexOf(':')
  const target = { host: address.slice(0, colon), port: Number(address.slice(colon + 1)), nodeId: null }
  const settings = { ...defaultSettings, clientId: 'bench', bootstrap: [], requestTimeoutMs: 120_000 }
  return await Connection.open(target, { settings, clock: systemClock, dial: dialTcp })
}

async function create(connection: Connection, names: readonly string[], numPartitions: number): Promise<void> {
  await connection.ask('CreateTopics', {
    topics: names.map((name) => ({
      name,
      numPartitions,
      replicationFactor: 1,
      assignments: [],
      configs: [{ name: 'max.message.bytes', value: '20000000' }],
    })),
    timeoutMs: 60_000,
    validateOnly: false,
  })
}

async function produce(connection: Connection, topic: string, index: number, values: readonly Buffer[]): Promise<void> {
  const records = encodeBatch(values.map((value) => ({ key: null, value, timestamp: Date.now() })))
  await connection.ask(
    'Produce',
    {
      transactionalId: null,
      acks: 1,
      timeoutMs: 10_000,
      topicData: [{ name: topic, partitionData: [{ index, records }] }],
    },
    { maxVersion: 12 },
  )
}

async function commit(
  connection: Connection,
  groupId: string,
  topic: string,
  count: number,
  offset: number,
): Promise<void> {
  await connection.ask(
    'OffsetCommit',
    {
      groupId,
      topics: [
        {
          name: topic,
          partitions: Array.from({ length: count }, (_, partitionIndex) => ({
            partitionIndex,
            committedOffset: BigInt(offset),
            committedMetadata: '',
          })),
        },
      ],
    },
    // Later ones name topics by their ids.
    { maxVersion: 9 },
  )
}

/** Joins, syncs and leaves, over and over: each time is a rebalance. */
async function storm(connection: Connection, groupId: string, isOver: () => boolean): Promise<void> {
  let memberId = ''
  while (!isOver()) {
    const joined = await connection.ask('JoinGroup', {
      groupId,
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(100) }],
    })
    memberId = joined.memberId
    if (joined.errorCode !== 0) continue
    await connection.ask('SyncGroup', {
      groupId,
      generationId: joined.generationId,
      memberId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId, assignment: Buffer.alloc(100) }],
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    await connection.ask('LeaveGroup', { groupId, members: [{ memberId, groupInstanceId: null }] })
    memberId = ''
  }
}

class Meter {
  readonly #page: Page
  readonly #session: CDPSession
  readonly #note: (figure: Figure) => void

  constructor(page: Page, session: CDPSession, note: (figure: Figure) => void) {
    this.#page = page
    this.#session = session
    this.#note = note
  }

  static async of(page: Page, note: (figure: Figure) => void): Promise<Meter> {
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.evaluate(() => {
      const store = window as unknown as { inputs: number[] }
      store.inputs = []
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) store.inputs.push(entry.duration)
      }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
    })
    return new Meter(page, session, note)
  }

  /** Does each input, and notes the slowest answer. */
  async measure(name: string, ...inputs: readonly (() => Promise<unknown>)[]): Promise<void> {
    let [slowest, cpu] = [0, 0]
    for (const input of inputs) {
      await this.#quiet()
      await this.#page.evaluate(() => void ((window as unknown as { inputs: number[] }).inputs = []))
      const before = await this.#taskMs()
      await input()
      await this.#quiet()
      cpu = Math.max(cpu, (await this.#taskMs()) - before)
      const took = await this.#page.evaluate(() => Math.max(0, ...(window as unknown as { inputs: number[] }).inputs))
      slowest = Math.max(slowest, took)
    }
    this.#note({ name, answerMs: slowest, cpuMs: Math.round(cpu) })
  }

  async #taskMs(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
  }

  /** After the next frames, in which the input is answered and its entry made. */
  async #quiet(): Promise<void> {
    await this.#page.evaluate(
      () =>
        new Promise<void>((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 60))),
        ),
    )
  }
}

export async function measureSizes(page: Page, address: string, note: (figure: Figure) => void): Promise<void> {
  const connection = await connect(address)
  const names = Array.from({ length: topics }, (_, i) => `topic-${String(i).padStart(4, '0')}`)
  for (let at = 0; at < topics; at += 500) await create(connection, names.slice(at, at + 500), 1)
  await create(connection, ['wide'], partitions)
  await create(connection, ['big', 'list'], 1)
  for (let number = 0; number < partitions; number++) {
    await produce(connection, 'wide', number, [Buffer.from('{"a":1}'), Buffer.from('{"a":2}')])
  }
  await commit(connection, 'wide-readers', 'wide', partitions, 1)
  const row = (i: number) => `{"order":${i},"customer":"ada","item":"tea"}`
  await produce(connection, 'big', 0, [Buffer.from('{"id":1}')])
  await produce(connection, 'big', 0, [Buffer.from(`[${Array.from({ length: 240_000 }, (_, i) => row(i)).join(',')}]`)])
  await produce(connection, 'big', 0, [Buffer.from('{"id":2}')])
  await produce(connection, 'list', 0, [Buffer.from('{"id":1}')])
  await produce(connection, 'list', 0, [
    Buffer.from(`[${Array.from({ length: items }, (_, i) => `{"id":${i}}`).join(',')}]`),
  ])
  await produce(connection, 'list', 0, [Buffer.from('{"id":2}')])

  const meter = await Meter.of(page, note)
  const press = (key: string) => () => page.keyboard.press(key)
  const click =
    (name: string | RegExp, role: 'button' | 'link' | 'radio' = 'button') =>
    () =>
      page.getByRole(role, { name }).first().click()
  const visit = async (place: string) => {
    await page.evaluate((hash) => void (location.hash = hash), `#/${place}`)
  }

  await visit('topics')
  await page.getByRole('gridcell', { name: 'topic-0000', exact: true }).waitFor()
  const grid = page.getByRole('grid').first()
  await grid.focus()
  await meter.measure(
    '5,000 topics: arrows, end, home',
    press('ArrowDown'),
    press('End'),
    press('Home'),
    press('PageDown'),
  )
  await page.getByLabel('Find a topic').focus()
  await meter.measure(
    '5,000 topics: find',
    ...[...'topic-42'].map(press),
    ...Array.from({ length: 8 }, () => press('Backspace')),
  )
  await meter.measure('5,000 topics: sort', () => page.getByRole('columnheader', { name: 'Messages' }).click())
  await meter.measure('5,000 topics: palette opens', press('Control+k'))
  await meter.measure('5,000 topics: palette finds', ...[...'topic-42'].map(press))
  await page.keyboard.press('Escape')
  await visit('messages')
  await page.getByRole('grid').first().waitFor()
  await meter.measure('5,000 topics: chooser of messages opens', click(/topics$/))
  await page.getByRole('searchbox', { name: 'Find a topic' }).focus()
  await meter.measure('5,000 topics: chooser finds', ...[...'topic-42'].map(press))
  await page.keyboard.press('Escape')

  let round = 1
  let isOver = false
  // The error of a page that fails says more than that of the connection that is closed then.
  const committing = (async () => {
    while (!isOver) {
      await commit(connection, 'wide-readers', 'wide', partitions, (round = 3 - round))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  committing.catch(() => {})
  await visit('groups/wide-readers')
  await page
    .getByRole('img', { name: /^committed/ })
    .first()
    .waitFor()
  await meter.measure('1,000 partitions commit: tabs', click('Reset', 'link'), click('Members', 'link'))
  await page.mouse.move(600, 500)
  const wheel = () => page.mouse.wheel(0, 1500)
  await meter.measure('1,000 partitions commit: scrolling', wheel, wheel, wheel)
  await visit('groups/wide-readers/reset')
  await page.getByLabel('New offset handle of wide partition 0', { exact: true }).focus()
  await meter.measure('1,000 partitions: a handle moves', press('ArrowLeft'), press('ArrowLeft'), press('ArrowRight'))
  await meter.measure(
    '1,000 partitions: earliest, latest',
    () => page.getByRole('radio', { name: 'Earliest' }).check({ force: true }),
    () => page.getByRole('radio', { name: 'Latest' }).check({ force: true }),
  )
  isOver = true
  await committing
  await visit('topics/wide/messages')
  await page.getByRole('grid').first().waitFor()
  await meter.measure('1,000 partitions: menu of messages opens', click('All partitions'))
  await meter.measure('1,000 partitions: one is chosen', () => page.getByText('Partition 7', { exact: true }).click())
  await page.keyboard.press('Escape')
  await visit('topics/wide/partitions')
  await page.getByRole('grid').first().focus()
  await meter.measure('1,000 partitions: their table', press('ArrowDown'), press('End'))

  for (const [topic, what] of [
    ['big', 'a message of 10 MB'],
    ['list', `a JSON list of ${items}`],
  ] as const) {
    await visit(`topics/${topic}/messages`)
    await page.getByText('{"id":2}', { exact: true }).waitFor()
    await meter.measure(
      `${what}: opened, arrows`,
      () => page.getByText('{"id":2}', { exact: true }).click(),
      press('ArrowDown'),
      press('ArrowDown'),
      press('ArrowUp'),
    )
    await page.getByRole('complementary').locator('[aria-busy="false"]').waitFor()
    for (const look of ['tree', 'text', 'raw', 'hex']) {
      const button = page.getByRole('complementary').getByRole('button', { name: look, exact: true })
      if ((await button.count()) > 0) await meter.measure(`${what}: ${look}`, () => button.click())
    }
    await page.keyboard.press('Escape')
  }

  let isCalm = false
  const connections = await Promise.all(Array.from({ length: stormGroups }, () => connect(address)))
  const storms = connections.map((one, i) => storm(one, `storm-${i}`, () => isCalm))
  for (const one of storms) one.catch(() => {})
  await visit('rebalances')
  await page.getByRole('list', { name: 'Rebalances' }).waitFor()
  await meter.measure(
    '50 groups in a storm: rebalances',
    press('Tab'),
    press('Tab'),
    press('ArrowLeft'),
    press('ArrowLeft'),
    press('ArrowRight'),
  )
  await visit('groups')
  await page.getByRole('gridcell', { name: 'storm-1', exact: true }).waitFor()
  await page.getByRole('grid').first().focus()
  await meter.measure('50 groups in a storm: groups', press('ArrowDown'), press('End'), press('Home'))
  await visit('home')
  await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
  await meter.measure('50 groups in a storm: home', press('Tab'), press('Tab'))
  await visit('wire')
  await page.getByRole('grid').first().focus()
  await meter.measure('50 groups in a storm: wire', press('ArrowDown'), press('ArrowDown'), press('Enter'))
  isCalm = true
  await Promise.all(storms)
  for (const one of [connection, ...connections]) one.dispose()
}
