import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { KafkaClient } from '../../src-main/client/client'
import { defaultSettings } from '../../src-main/client/settings'
import { itNeeds } from '../support/require'
import { StreamsThread } from '../support/streams-thread'
import { accessibilityProblems } from './axe'
import { type PageHost, pageHosts, visit } from './page-host'

const [kind] = pageHosts
const shots = process.env.OTTLA_SCREENSHOTS
const coordinator = { to: 'coordinator', keyType: 'group', key: 'app' } as const

/** The page of a streams group, with threads that send the frames of Kafka Streams. */
describe.skipIf(!kind)('the tasks of a streams group', () => {
  const needs = kind?.needs ?? {}
  let host: PageHost
  let page: Page
  let client: KafkaClient
  let one: StreamsThread
  let two: StreamsThread

  const thread = (memberId: string) =>
    new StreamsThread((body) => client.ask(coordinator, 'StreamsGroupHeartbeat', body), memberId)

  /** What moves between members, and where it is. */
  const task = (name: string | RegExp) => page.getByRole('button', { name })

  async function shot(name: string): Promise<void> {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
  }

  async function createLines(): Promise<void> {
    const lines = { name: 'lines', numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }
    await client.ask({ to: 'any' }, 'CreateTopics', { topics: [lines], timeoutMs: 5000, validateOnly: false })
  }

  beforeAll(async () => {
    if (needs.missing || !kind) return
    host = await kind.open()
    page = host.page
    const [address = '', port = ''] = host.address.split(':')
    const settings = { ...defaultSettings, clientId: 'app', bootstrap: [{ host: address, port: Number(port) }] }
    client = new KafkaClient(settings, { clock: systemClock })
    const configs = Object.entries({
      'streams.initial.rebalance.delay.ms': '0',
      'streams.assignment.interval.ms': '0',
      // The longest that Kafka allows: a member beats when the test says so.
      'streams.session.timeout.ms': '60000',
    }).map(([name, value]) => ({ name, configOperation: 0, value }))
    await client.ask({ to: 'any' }, 'IncrementalAlterConfigs', {
      resources: [{ resourceType: 32, resourceName: 'app', configs }],
      validateOnly: false,
    })
    one = thread('one-a1a1')
    two = thread('two-b2b2')
    await one.beat()
  })
  afterAll(async () => {
    client?.dispose()
    await host?.close()
  })

  itNeeds([needs], 'a group whose source topic does not exist says what to do', async () => {
    await visit(page, 'groups/app')
    await page.getByText('Source topics do not exist: lines. Create them').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await shot('streams-missing')
  })

  itNeeds([needs], 'tasks are at their member, and the processor graph is drawn', async () => {
    await createLines()
    for (let round = 0; round < 3; round++) await one.beat()
    await page.getByText('All members have their tasks.').waitFor()
    for (const name of ['0_0', '0_1', '1_0', '1_1']) await task(`Task ${name}, active at app a1a1`).waitFor()
    await page.getByRole('link', { name: 'app-counts-changelog' }).first().waitFor()
    const node = { sourceTopics: [], sinkTopic: null, stores: [], successors: [] }
    await client.ask(coordinator, 'StreamsGroupTopologyDescriptionUpdate', {
      groupId: 'app',
      memberId: one.memberId,
      topologyEpoch: 0,
      topologyDescription: {
        subtopologies: [
          {
            subtopologyId: '0',
            nodes: [
              { ...node, name: 'KSTREAM-SOURCE-0', nodeType: 1, sourceTopics: ['lines'], successors: ['SPLIT-1'] },
              { ...node, name: 'SPLIT-1', nodeType: 2, successors: ['KSTREAM-SINK-2'] },
              { ...node, name: 'KSTREAM-SINK-2', nodeType: 3, sinkTopic: 'app-words-repartition' },
            ],
          },
          {
            subtopologyId: '1',
            nodes: [
              {
                ...node,
                name: 'KSTREAM-SOURCE-3',
                nodeType: 1,
                sourceTopics: ['app-words-repartition'],
                successors: ['COUNT-4'],
              },
              { ...node, name: 'COUNT-4', nodeType: 2, stores: ['counts'] },
            ],
          },
        ],
        globalStores: [],
      },
    })
    await page.getByRole('region', { name: 'Graph of subtopology 1' }).getByText('store counts').waitFor()
  })

  itNeeds([needs], 'a rebalance shows what is revoked, and who waits for whom', async () => {
    await two.beat()
    await one.beat()
    await page
      .getByText(/app a1a1 must revoke 2 tasks, and is removed from the group if it has not in \d+ s\./)
      .waitFor()
    await page.getByText('app b2b2 waits for 2 tasks until app a1a1 has revoked them.').waitFor()
    await task(/, app b2b2 waits until app a1a1 has revoked it/)
      .first()
      .press('Enter')
    await page.getByRole('cell', { name: 'waits for app a1a1' }).waitFor()
  })

  for (const theme of ['light', 'dark'] as const) {
    itNeeds([needs], `the page is accessible, ${theme}`, async () => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.getByRole('cell', { name: 'waits for app a1a1' }).waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await shot(`streams-${theme}`)
    })
  }

  itNeeds([needs], 'tasks that were revoked are at the other member, and the page says why', async () => {
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await one.beat()
    await two.beat()
    await page.getByText('All members have their tasks.').waitFor()
    await expect.poll(() => task(/, active at app b2b2$/).count()).toBe(2)
    await expect.poll(() => task(/, active at app a1a1$/).count()).toBe(2)
    await page.getByText(/app \(b2b2\) joined: lines/).waitFor()
    await shot('streams-moved')
    expect(host.complaints).toEqual([])
  })

  itNeeds([needs], 'an internal topic leads to its page', async () => {
    await page
      .getByRole('table', { name: 'Internal topics with their lag' })
      .getByRole('link', { name: 'app-counts-changelog' })
      .click()
    await page.getByRole('heading', { name: 'app-counts-changelog' }).waitFor()
  })
})
