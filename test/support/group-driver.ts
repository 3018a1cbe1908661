import type { Join, JoinReply } from '../../src-main/groups/classic/events'
import { consumerCommitProblem, type Partitions } from '../../src-main/groups/consumer/group'
import { patternsOf, resolvePatterns } from '../../src-main/groups/consumer/subscription'
import type { GroupEvent, GroupReply, GroupStep } from '../../src-main/groups/group'
import { writeAssignment, writeSubscription } from '../../src-main/protocol/embedded/consumer-protocol'
import { ScenarioDriver } from '../../src-main/scenarios/driver'
import { readCommand } from '../../src-main/scenarios/grammar'
import { assignedIn, metadataOf, numbered, stateLine } from '../../src-main/scenarios/tracer'
import { settings } from './classic-group'
import { deepFreeze } from './freeze'

const sessionTimeoutMs = 45_000

/** What a client knows of itself. */
interface Client {
  memberId: string
  epoch: number
  /** `t0`, `t1`, ... as it was last told. */
  has: readonly string[]
}

/** A group that may change its protocol, driven by what its clients do. Partitions are written `t0`. */
export class GroupDriver extends ScenarioDriver {
  readonly clients = new Map<string, Client>()
  #topics: Record<string, number> = {}
  #ticket = 0

  override run(line: string): GroupStep | undefined {
    const { verb, who, options } = readCommand(line)
    const client = this.clients.get(who) ?? { memberId: who, epoch: 0, has: [] }
    const instanceId = options.instance ?? null
    const epoch = options.epoch === undefined ? client.epoch : Number(options.epoch)
    const memberId = options.id ?? client.memberId
    switch (verb) {
      case 'topics':
        for (const [name, partitions] of Object.entries(options)) this.#topics[name] = Number(partitions)
        this.#topicsChanged()
        return
      case 'untopic':
        delete this.#topics[who]
        this.#topicsChanged()
        return
      case 'join':
        this.clients.set(who, { ...client, epoch: 0 })
        this.#heartbeat(who, { ...(options.regex === undefined ? { topics: 't' } : {}), ...options, epoch: '0' }, [])
        return
      case 'beat':
        this.#heartbeat(who, options, options.owned === undefined ? client.has : listOf(options.owned))
        return
      case 'leave':
        this.#heartbeat(who, { ...options, epoch: '-1' }, null)
        return
      case 'away':
        this.#heartbeat(who, { ...options, epoch: '-2' }, null)
        return
      case 'cjoin':
        this.step(this.#classicJoin(who, options))
        return
      case 'csync':
        this.step({
          kind: 'sync',
          ticket: this.#next(who),
          memberId,
          groupInstanceId: instanceId,
          generationId: epoch,
          protocolType: options.type ?? null,
          protocolName: options.protocol ?? null,
          assignments: (options.assign ?? '')
            .split(';')
            .filter((entry) => entry !== '')
            .map((entry) => {
              const [name = '', list = ''] = entry.split(':')
              const assignedPartitions = byTopic(listOf(list))
              const assignment = base64(writeAssignment({ assignedPartitions }))
              return { memberId: this.clients.get(name)?.memberId ?? name, assignment }
            }),
        })
        return
      case 'cbeat':
        this.step({
          kind: 'heartbeat',
          ticket: this.#next(who),
          memberId,
          groupInstanceId: instanceId,
          generationId: epoch,
        })
        return
      case 'cleave': {
        const member = { memberId: options.anyone ? '' : memberId, groupInstanceId: instanceId, reason: null }
        this.step({ kind: 'leave', ticket: this.#next(who), members: [member] })
        return
      }
      case 'commit': {
        if (this.group.type !== 'consumer') throw new Error('commits are tried in consumer groups only')
        const problem = consumerCommitProblem(this.group.value, {
          memberId,
          groupInstanceId: instanceId,
          memberEpoch: epoch,
          isTransactional: options.tx === 'yes',
          apiVersion: Number(options.version ?? 9),
          partitions: ids(listOf(options.of ?? '')),
        })
        this.tracer.trace.push(`${who} commits at ${epoch}: ${problem ?? 'NONE'}`)
        return
      }
      case 'resolve':
        this.#resolve(who, options.hidden ?? '')
        return
      default:
        return super.run(line)
    }
  }

  state(): string {
    return stateLine(this.group)
  }

  #heartbeat(who: string, options: Readonly<Record<string, string>>, owned: readonly string[] | null): void {
    const client = this.clients.get(who) ?? { memberId: who, epoch: 0, has: [] }
    const memberEpoch = options.epoch === undefined ? client.epoch : Number(options.epoch)
    this.step({
      kind: 'consumerHeartbeat',
      ticket: this.#next(who),
      memberId: options.id ?? client.memberId,
      memberEpoch,
      instanceId: options.instance ?? null,
      rackId: null,
      clientId: who,
      clientHost: '/127.0.0.1',
      rebalanceTimeoutMs: memberEpoch === 0 ? Number(options.rebalance ?? 60_000) : -1,
      subscribedTopicNames: options.topics?.split(',') ?? null,
      subscribedTopicRegex: options.regex ?? null,
      serverAssignor: options.assignor ?? null,
      owned: owned && ids(owned),
      settings: { sessionTimeoutMs, heartbeatIntervalMs: 5000, maxSize: this.tracer.context.consumerMaxSize },
    })
  }

  #classicJoin(who: string, options: Readonly<Record<string, string>>): Join {
    const client = this.clients.get(who) ?? { memberId: '', epoch: -1, has: [] }
    const owned = options.owned === undefined ? (options.eager === 'yes' ? [] : client.has) : listOf(options.owned)
    const subscription = {
      topics: (options.topics ?? 't').split(','),
      userData: null,
      ownedPartitions: byTopic(owned),
      generationId: client.epoch,
      rackId: null,
    }
    const metadata = options.metadata ?? base64(writeSubscription(subscription))
    const protocols = (options.protocols ?? 'range').split(',').map((name) => ({ name, metadata }))
    return {
      kind: 'join',
      ticket: this.#next(who),
      memberId: options.id ?? (options.instance !== undefined && options.new === 'yes' ? '' : client.memberId),
      groupInstanceId: options.instance ?? null,
      newMemberId: `${who}-${this.#ticket}`,
      clientId: who,
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: Number(options.session ?? 10_000),
      rebalanceTimeoutMs: Number(options.rebalance ?? 60_000),
      protocolType: options.type ?? 'consumer',
      protocols,
      reason: null,
      requireKnownMemberId: options.v4 === 'yes',
      supportsSkippingAssignment: false,
      settings: { ...settings, maxSize: this.tracer.context.classicMaxSize },
    }
  }

  /** The coordinator resolves the group's patterns after a heartbeat of `who`, which may not describe `hidden`. */
  #resolve(who: string, hidden: string): void {
    if (this.group.type !== 'consumer') throw new Error('patterns are resolved in consumer groups only')
    const patterns = patternsOf(this.group.value.members)
    const resolved = resolvePatterns(patterns, this.tracer.context.topics.keys(), (topic) => topic !== hidden)
    this.step({ kind: 'patternsResolved', memberId: this.clients.get(who)?.memberId ?? who, resolved })
  }

  #topicsChanged(): void {
    this.tracer.context = { ...this.tracer.context, topics: metadataOf(this.#topics) }
    this.step({ kind: 'topicsChanged' })
  }

  #next(who: string): number {
    this.asked.set(++this.#ticket, who)
    return this.#ticket
  }

  protected override step(event: GroupEvent): GroupStep {
    const done = super.step(deepFreeze(event))
    deepFreeze(this.group)
    return done
  }

  /** What a client remembers of a reply. */
  protected override heard(who: string, reply: GroupReply): void {
    const client = this.clients.get(who)
    // A refusal may tell the member id to come back with.
    if (reply.api === 'join') this.#joined(who, reply)
    if (!('error' in reply) || reply.error !== 'NONE') return
    if (reply.api === 'consumerHeartbeat') {
      const { memberId, memberEpoch, assignment } = reply
      const has = assignment ? numbered(assignment) : (client?.has ?? [])
      if (memberEpoch < 0) this.clients.delete(who)
      else this.clients.set(who, { memberId: memberId ?? who, epoch: memberEpoch, has })
    }
    if (reply.api === 'sync' && client) this.clients.set(who, { ...client, has: assignedIn(reply.assignment) })
  }

  #joined(who: string, { memberId, generationId }: JoinReply): void {
    const has = this.clients.get(who)?.has ?? []
    if (memberId !== '') this.clients.set(who, { memberId, epoch: generationId, has })
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** `t0t1u0` or `t0,t1,u0`; `none` is nothing. */
function listOf(text: string): string[] {
  return text === 'none' ? [] : (text.match(/[a-z]+\d+/g) ?? [])
}

function byTopic(list: readonly string[]): { topic: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>()
  for (const item of list) {
    const topic = item.replace(/\d+$/, '')
    topics.set(topic, [...(topics.get(topic) ?? []), Number(item.slice(topic.length))])
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
}

function ids(list: readonly string[]): Partitions {
  return Object.fromEntries(byTopic(list).map(({ topic, partitions }) => [`id-${topic}`, partitions]))
}
