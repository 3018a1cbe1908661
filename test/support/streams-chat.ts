import { systemClock } from '../../src-main/base/clock'
import { coordinatorOf } from '../../src-main/client/admin/groups'
import { createTopics } from '../../src-main/client/admin/topics'
import type { KafkaClient } from '../../src-main/client/client'
import { pause } from '../../src-main/client/retry'
import type { ApiName, RequestInput, ResponseOf } from '../../src-main/protocol/api-types'
import { errorName } from '../../src-main/protocol/errors'
import { ChatMember, type Heartbeat } from './streams-chat-member'
import { subtopologyOf, type Topology } from './streams-thread'

type Answer = ResponseOf<'StreamsGroupHeartbeat'>

const info = (name: string, partitions = 0, topicConfigs: { key: string; value: string }[] = []) => ({
  name,
  partitions,
  replicationFactor: -1,
  topicConfigs,
})
const counts = (source: string, group: string) =>
  subtopologyOf('0', { sourceTopics: [source], stateChangelogTopics: [info(`${group}-store-changelog`)] })
const joined = (sources: string[]) =>
  subtopologyOf('0', {
    sourceTopics: sources,
    copartitionGroups: [{ sourceTopics: sources.map((_, i) => i), sourceTopicRegex: [], repartitionSourceTopics: [] }],
  })
const noLists = { activeTasks: null, standbyTasks: null, warmupTasks: null }
/** Longest wait for an answer that comes of work in the background: Kafka makes topics and targets there. */
const patienceMs = 30_000

/** Asks one broker all that a streams group can be asked, refusals before all; `name -> answer`, one a line. */
export class StreamsChat {
  readonly #open: KafkaClient
  readonly #alice: KafkaClient
  readonly #said: string[] = []

  /** @param alice a user who may read the topics and the group `limited`, and may create nothing */
  constructor(open: KafkaClient, alice: KafkaClient) {
    this.#open = open
    this.#alice = alice
  }

  async run(): Promise<string[]> {
    await createTopics(this.#open, [
      { name: 'two', partitions: 2 },
      { name: 'three', partitions: 3 },
      { name: 'full-store-changelog', partitions: 7 },
    ])
    await this.#allowAlice()
    await this.#heard()
    await this.#wrongRequests()
    await this.#wrongTopologies()
    await this.#statuses()
    await this.#members()
    await this.#offsets()
    await this.#static()
    await this.#shutdown()
    await this.#otherTypes()
    return this.#said
  }

  #say(name: string, answer: object): void {
    const shown = JSON.stringify(answer, (key, value) => {
      if (key === 'throttleTimeMs' || key === 'topologyDescriptionRequired' || key === 'authorizedOperations')
        return undefined
      if (key === 'errorCode') return errorName(value)
      return typeof value === 'bigint' ? String(value) : value
    })
    this.#said.push(`${name} -> ${shown}`)
  }

  #member(
    groupId: string,
    memberId: string,
    subtopologies: Topology,
    more: Partial<Heartbeat> = {},
    client = this.#open,
  ) {
    return new ChatMember(client, groupId, memberId, subtopologies, more)
  }

  async #until<T>(ask: () => Promise<T>, test: (answer: T) => boolean): Promise<T> {
    const end = systemClock.now() + patienceMs
    for (;;) {
      const answer = await ask()
      if (test(answer) || systemClock.now() > end) return answer
      await pause(systemClock, 50)
    }
  }

  /** Heartbeats of all until nothing moves. */
  async #settle(groupId: string, members: readonly ChatMember[]): Promise<void> {
    await this.#until(
      async () => {
        for (const member of members) await member.beat()
        return (await this.#describe(groupId)).groups[0]
      },
      (group) => group?.groupState === 'Stable',
    )
  }

  #describe(groupId: string, includeTopologyDescription = false) {
    return this.#open.ask(coordinatorOf(groupId), 'StreamsGroupDescribe', {
      groupIds: [groupId],
      includeAuthorizedOperations: false,
      includeTopologyDescription,
    })
  }

  async #allowAlice(): Promise<void> {
    const entry = (resourceType: number, resourceName: string, operation: number) => ({
      resourceType,
      resourceName,
      resourcePatternType: 4,
      principal: 'User:alice',
      host: '*',
      operation,
      permissionType: 3,
    })
    const creations = [entry(2, 't', 8), entry(2, 'limited', 8), entry(3, 'limited', 3)]
    await this.#open.ask({ to: 'controller' }, 'CreateAcls', { creations })
  }

  /** The coordinator hears of new topics and ACLs a moment later. */
  async #heard(): Promise<void> {
    const sources = ['two', 'three', 'full-store-changelog']
    const topology = [subtopologyOf('0', { sourceTopics: sources })]
    const missing = ({ status, errorCode }: Answer) =>
      errorCode !== 0 || status?.some(({ statusCode }) => statusCode === 1)
    for (const member of [
      this.#member('heard', 'm', topology),
      this.#member('limited-heard', 'm', [subtopologyOf('0', { sourceTopics: ['two'] })], {}, this.#alice),
    ]) {
      await this.#until(
        () => member.beat(),
        (answer) => !missing(answer),
      )
    }
  }

  async #wrongRequests(): Promise<void> {
    const wrong: Record<string, Partial<Heartbeat>> = {
      'no group id': { groupId: '' },
      'no member id': { memberId: '' },
      'empty instance id': { instanceId: '' },
      'empty rack id': { rackId: ' ' },
      'no rebalance timeout': { rebalanceTimeoutMs: -1 },
      'no topology': { topology: null },
      'tasks on joining': { activeTasks: [{ subtopologyId: '0', partitions: [0] }] },
      'one list of three': { memberEpoch: 1, topology: null, standbyTasks: null, warmupTasks: null },
      'topology later': { memberEpoch: 1 },
      'epoch -2 without instance id': { memberEpoch: -2, topology: null },
      'epoch -3': { memberEpoch: -3, topology: null },
      'unknown group': { memberEpoch: 4, topology: null, ...noLists },
      'leaving an unknown group': { memberEpoch: -1, topology: null, ...noLists },
    }
    for (const [name, changed] of Object.entries(wrong)) {
      const member = this.#member('wrong', 'm', [counts('two', 'wrong')])
      this.#say(`request: ${name}`, await member.beat(changed))
    }
    this.#say('request: version 0', await this.#member('wrong', 'm', [counts('two', 'wrong')]).beat({ groupId: '' }, 0))
    const aliceAt = (groupId: string, source: string) =>
      this.#member(groupId, 'm', [counts(source, groupId)], {}, this.#alice).beat()
    this.#say('request: group not readable', await aliceAt('other', 'two'))
    this.#say('request: topic not describable', await aliceAt('limited', 'hidden'))
  }

  async #wrongTopologies(): Promise<void> {
    const loop = [
      subtopologyOf('0', { repartitionSourceTopics: [info('t-b')], repartitionSinkTopics: ['t-a'] }),
      subtopologyOf('1', { repartitionSourceTopics: [info('t-a')], repartitionSinkTopics: ['t-b'] }),
    ]
    const topologies: Record<string, Topology> = {
      'internal topic of Kafka': [counts('__consumer_offsets', 't')],
      'invalid name': [counts('a b', 't')],
      'changelog with partitions': [
        subtopologyOf('0', { sourceTopics: ['two'], stateChangelogTopics: [info('t-changelog', 3)] }),
      ],
      'a repartition topic that nobody writes': [
        subtopologyOf('0', { sourceTopics: ['two'], repartitionSourceTopics: [info('t-unwritten')] }),
      ],
      'a loop': loop,
      'changelog without source': [subtopologyOf('0', { stateChangelogTopics: [info('t-changelog')] })],
    }
    for (const [name, topology] of Object.entries(topologies)) {
      this.#say(`topology: ${name}`, await this.#member(`bad: ${name}`, 'm', topology).beat())
    }
  }

  async #statuses(): Promise<void> {
    const fixed = (partitions: number) => [
      subtopologyOf('0', { sourceTopics: ['two'], repartitionSinkTopics: ['status-fixed'] }),
      subtopologyOf('1', {
        sourceTopics: ['three'],
        repartitionSourceTopics: [info('status-fixed', partitions)],
        copartitionGroups: [{ sourceTopics: [0], sourceTopicRegex: [], repartitionSourceTopics: [0] }],
      }),
    ]
    const refused = [
      subtopologyOf('0', {
        sourceTopics: ['two'],
        stateChangelogTopics: [info('refused-changelog', 0, [{ key: 'retention.ms', value: 'ever' }])],
      }),
    ]
    const topologies: Record<string, Topology> = {
      'a missing source': [counts('none', 'missing')],
      'five missing sources': [
        subtopologyOf('0', { sourceTopics: ['none-1', 'none-5', 'none-3', 'none-2', 'none-4'] }),
      ],
      'two and three partitions': [joined(['two', 'three'])],
      'a fixed repartition topic': fixed(5),
      'a changelog of seven': [counts('two', 'full')],
    }
    for (const [name, topology] of Object.entries(topologies)) {
      const member = this.#member(`status ${name}`, 'm', topology)
      // The broker may not have heard of new topics yet.
      const isSource = name.includes('source')
      this.#say(
        `status: ${name}`,
        await this.#until(
          () => member.beat(),
          ({ status }) => isSource || status?.[0]?.statusCode === 2,
        ),
      )
      const described = await this.#describe(`status ${name}`)
      this.#say(`status: ${name}, described`, {
        state: described.groups[0]?.groupState,
        topology: described.groups[0]?.topology,
      })
    }
    const creates = async (name: string, member: ChatMember) => {
      const answer = await this.#until(
        () => member.beat(),
        ({ status }) => status?.some(({ statusDetail }) => statusDetail.includes(';')) ?? false,
      )
      this.#say(name, { status: answer.status?.filter(({ statusCode }) => statusCode === 3) })
    }
    await creates('status: a topic that cannot be created', this.#member('refused', 'm', refused))
    await creates(
      'status: topics that alice may not create',
      this.#member('limited', 'm', [counts('two', 'limited')], {}, this.#alice),
    )
    await this.#config('tagged', 'streams.rack.aware.assignment.tags', 'zone')
    const tagged = this.#member('tagged', 'm', [counts('two', 'tagged')])
    await this.#until(
      () => tagged.beat(),
      ({ status }) => status?.every(({ statusCode }) => statusCode === 6) ?? false,
    )
    this.#say('status: a missing tag', { status: (await tagged.beat()).status })
    this.#say('status: a missing tag, version 0', { status: (await tagged.beat({}, 0)).status })
  }

  async #config(groupId: string, name: string, value: string | null): Promise<void> {
    const answer = await this.#open.ask({ to: 'any' }, 'IncrementalAlterConfigs', {
      resources: [
        {
          resourceType: 32,
          resourceName: groupId,
          configs: [{ name, configOperation: value === null ? 1 : 0, value }],
        },
      ],
      validateOnly: false,
    })
    const [response] = answer.responses
    this.#say(`config: ${name}=${value}`, { errorCode: response?.errorCode, message: response?.errorMessage })
  }

  async #members(): Promise<void> {
    const topology = [
      subtopologyOf('0', { sourceTopics: ['three'], repartitionSinkTopics: ['shared-words-repartition'] }),
      subtopologyOf('1', {
        repartitionSourceTopics: [info('shared-words-repartition')],
        stateChangelogTopics: [info('shared-counts-changelog', 0, [{ key: 'cleanup.policy', value: 'compact' }])],
      }),
    ]
    const endpoint = (port: number) => ({ userEndpoint: { host: 'app.example', port } })
    const a = this.#member('shared', 'a', topology, endpoint(1))
    const b = this.#member('shared', 'b', topology, endpoint(2))
    await this.#settle('shared', [a])
    this.#say('members: one', a.owned)
    this.#say('members: one, told', { endpoints: (await a.beat()).partitionsByUserEndpoint })
    this.#say(
      'members: a foreign subtopology',
      await a.beat({ activeTasks: [{ subtopologyId: '7', partitions: [0] }] }),
    )
    this.#say('members: a foreign task', await a.beat({ activeTasks: [{ subtopologyId: '0', partitions: [3] }] }))
    this.#say('members: a greater epoch', await a.beat({ memberEpoch: a.epoch + 5 }))
    this.#say('members: another topology', await this.#member('shared', 'c', [counts('two', 'shared')]).beat())
    this.#say('members: unknown', await this.#member('shared', 'c', topology).beat({ memberEpoch: 3, topology: null }))
    await this.#settle('shared', [a, b])
    this.#say('members: two', { a: a.owned, b: b.owned })
    this.#say('members: a smaller epoch', await a.beat({ memberEpoch: a.epoch - 1, ...noLists }))
    await this.#config('shared', 'streams.num.standby.replicas', '5')
    await this.#config('shared', 'streams.assignor.name', 'none')
    await this.#config('shared', 'streams.rack.aware.assignment.tags', 'zone,zone')
    await this.#config('shared', 'streams.session.timeout.ms', '1')
    await this.#config('shared', 'streams.num.standby.replicas', '1')
    await this.#until(
      async () => {
        await this.#settle('shared', [a, b])
        return [a, b]
      },
      (all) => all.every(({ owned }) => owned.standbyTasks?.length),
    )
    this.#say('members: with a standby', { a: a.owned, b: b.owned })
    const endpoints = (await a.beat()).partitionsByUserEndpoint ?? []
    this.#say(
      'members: endpoints',
      endpoints.toSorted((x, y) => x.userEndpoint.port - y.userEndpoint.port),
    )
    const described = (await this.#describe('shared')).groups[0]
    const members = described?.members.toSorted((x, y) => (x.memberId < y.memberId ? -1 : 1))
    this.#say('members: described', { ...described, members })
    this.#say('members: described with graph', {
      status: (await this.#describe('shared', true)).groups[0]?.topologyDescriptionStatus,
    })
    this.#say('members: unknown group described', await this.#describe('nobody'))
    await this.#config('shared', 'streams.num.standby.replicas', null)
    this.#say('members: leaving', await b.beat({ memberEpoch: -1, topology: null, ...noLists }))
    await this.#settle('shared', [a])
    this.#say('members: the one that stays', a.owned)
  }

  async #offsets(): Promise<void> {
    const a = this.#member('offsets', 'a', [counts('two', 'offsets')])
    await this.#settle('offsets', [a])
    const commit = (memberId: string, epoch: number, topic: string, maxVersion = 9) =>
      this.#open.ask(
        coordinatorOf('offsets'),
        'OffsetCommit',
        {
          groupId: 'offsets',
          generationIdOrMemberEpoch: epoch,
          memberId,
          groupInstanceId: null,
          topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }] }],
        },
        { maxVersion },
      )
    this.#say('offsets: of a member', await commit('a', a.epoch, 'two'))
    this.#say('offsets: of an older epoch', await commit('a', a.epoch - 1, 'two'))
    this.#say('offsets: of an older epoch, another topic', await commit('a', a.epoch - 1, 'three'))
    this.#say('offsets: of a newer epoch', await commit('a', a.epoch + 1, 'two'))
    this.#say('offsets: of a stranger', await commit('z', a.epoch, 'two'))
    this.#say('offsets: of nobody', await commit('', -1, 'two'))
    this.#say('offsets: in version 8', await commit('a', a.epoch, 'two', 8))
    const fetch = (memberId: string, memberEpoch: number) =>
      this.#open.ask(
        coordinatorOf('offsets'),
        'OffsetFetch',
        { groups: [{ groupId: 'offsets', memberId, memberEpoch, topics: [{ name: 'two', partitionIndexes: [0] }] }] },
        { maxVersion: 9 },
      )
    this.#say('offsets: read by a member', await fetch('a', a.epoch))
    this.#say('offsets: read at an older epoch', await fetch('a', a.epoch - 1))
    this.#say('offsets: read by a stranger', await fetch('z', a.epoch))
    const remove = (name: string) =>
      this.#open.ask(coordinatorOf('offsets'), 'OffsetDelete', {
        groupId: 'offsets',
        topics: [{ name, partitions: [{ partitionIndex: 0 }] }],
      })
    this.#say('offsets: deleted while it is read', await remove('two'))
    this.#say('offsets: deleted of another topic', await remove('three'))
    const drop = () => this.#open.ask(coordinatorOf('offsets'), 'DeleteGroups', { groupsNames: ['offsets'] })
    this.#say('offsets: the group deleted', await drop())
    await a.beat({ memberEpoch: -1, topology: null, ...noLists })
    this.#say('offsets: of nobody, when it is empty', await commit('', -1, 'two'))
    this.#say('offsets: deleted when it is empty', await remove('two'))
    this.#say('offsets: the empty group deleted', await drop())
  }

  async #static(): Promise<void> {
    const instance = (memberId: string) =>
      this.#member('static', memberId, [counts('two', 'static')], { instanceId: 'i', processId: 'process' })
    const a = instance('a')
    await this.#settle('static', [a])
    this.#say('static: the name is taken', await instance('b').beat())
    this.#say('static: another member id', await instance('b').beat({ memberEpoch: a.epoch, topology: null }))
    const before = (await this.#describe('static')).groups[0]?.groupEpoch ?? 0
    this.#say('static: away', await a.beat({ memberEpoch: -2, topology: null, ...noLists }))
    this.#say('static: away, described', { state: (await this.#describe('static')).groups[0]?.groupState })
    const b = instance('b')
    const back = await b.beat()
    this.#say('static: back', { ...back, memberEpoch: back.memberEpoch - before })
    this.#say('static: the old one', await a.beat({ memberEpoch: back.memberEpoch, topology: null, ...noLists }))
    this.#say('static: the old one leaves', await a.beat({ memberEpoch: -1, topology: null, ...noLists }))
  }

  async #shutdown(): Promise<void> {
    const [a, b] = ['a', 'b'].map((id) => this.#member('stopped', id, [counts('two', 'stopped')])) as [
      ChatMember,
      ChatMember,
    ]
    await this.#settle('stopped', [a, b])
    this.#say('shutdown: asked', { status: (await a.beat({ shutdownApplication: true })).status })
    this.#say('shutdown: told', { status: (await b.beat()).status })
    const c = this.#member('stopped', 'c', [counts('two', 'stopped')])
    const statuses = (await c.beat()).status?.filter(({ statusCode }) => statusCode === 4)
    this.#say('shutdown: told to a new one', { status: statuses })
    for (const each of [a, b, c]) await each.beat({ memberEpoch: -1, topology: null, ...noLists })
    await this.#settle('stopped', [a])
    this.#say('shutdown: forgotten', { status: (await a.beat()).status })
  }

  async #otherTypes(): Promise<void> {
    const a = this.#member('typed', 'a', [counts('two', 'typed')])
    await this.#settle('typed', [a])
    const at = coordinatorOf('typed')
    const ask = async <N extends ApiName>(name: N, body: RequestInput<N>, maxVersion?: number) =>
      this.#say(
        `other types: ${name} at a streams group`,
        await this.#open.ask(at, name, body, maxVersion === undefined ? {} : { maxVersion }),
      )
    await ask('ConsumerGroupHeartbeat', {
      groupId: 'typed',
      memberId: 'x',
      memberEpoch: 0,
      rebalanceTimeoutMs: 1000,
      subscribedTopicNames: ['two'],
      topicPartitions: [],
    })
    await ask('ShareGroupHeartbeat', { groupId: 'typed', memberId: 'x', memberEpoch: 0, subscribedTopicNames: ['two'] })
    await ask('JoinGroup', {
      groupId: 'typed',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: 'x',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: new Uint8Array() }],
      reason: null,
    })
    await ask('DescribeGroups', { groups: ['typed'], includeAuthorizedOperations: false })
    await ask('ConsumerGroupDescribe', { groupIds: ['typed'], includeAuthorizedOperations: false })
    await ask('ShareGroupDescribe', { groupIds: ['typed'], includeAuthorizedOperations: false })
    const consumer = { groupId: 'consumers', memberId: 'x', memberEpoch: 0, rebalanceTimeoutMs: 1000 }
    await this.#open.ask(coordinatorOf('consumers'), 'ConsumerGroupHeartbeat', {
      ...consumer,
      subscribedTopicNames: ['two'],
      topicPartitions: [],
    })
    const intruder = this.#member('consumers', 'm', [counts('two', 'consumers')])
    this.#say('other types: at a consumer group', await intruder.beat())
    const drop = (groupId: string) => this.#open.ask({ to: 'any' }, 'DeleteGroups', { groupsNames: [groupId] })
    this.#say('other types: a consumer group deleted', await drop('consumers'))
    this.#say('other types: an unknown group deleted', await drop('unknown'))
    this.#say('other types: a consumer group described', await this.#describe('consumers'))
    for (const filter of [{ typesFilter: ['streams'] }, { typesFilter: ['streams'], statesFilter: ['NotReady'] }]) {
      const { groups } = await this.#open.ask({ to: 'any' }, 'ListGroups', { statesFilter: [], ...filter })
      this.#say(`other types: listed by ${JSON.stringify(filter)}`, [
        ...groups
          .filter(({ groupId }) => /^(typed|status a missing source)$/.test(groupId))
          .sort((x, y) => (x.groupId < y.groupId ? -1 : 1)),
      ])
    }
  }
}
