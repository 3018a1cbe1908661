import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import type { Listen } from '../base/emitter'
import type { Core } from '../broker/core'
import type { RunningBroker } from '../broker/create'
import type { Handlers } from '../contract/server'
import type { ListenerLine, WorkspaceStatus } from '../contract/workspace'
import { Demo } from '../demo/demo'
import { clientMetrics } from './clients/client-metrics'
import { ClientRecords } from './clients/clients'
import { chooseDecoders, decodersOf } from './decoders/chosen'
import { groupDetail, groupLines, removeMember } from './groups/groups'
import { lagOf } from './groups/lags'
import { Activity } from './home/activity'
import { type DeskNotice, Notices } from './home/notices'
import { Pulse } from './home/pulse'
import { live, type Source } from './live'
import { detail, exact, exportMessages, messageAt, search } from './messages/messages'
import { importMessages, produce } from './messages/produce'
import { Reader } from './messages/reader'
import { MemberHues, recentFrames } from './rebalances/hues'
import { exportScenario, framesOf, rebalances } from './rebalances/rebalances'
import { Sessions } from './rebalances/sessions'
import { applyReset, offsetAt, planReset, planUndo, resetHistory, undoReset } from './reset/reset'
import { WaitingResets } from './reset/waiting'
import { changeAcl, changeAuthorizer } from './security/access'
import { addListener, removeListener, setPlaintext } from './security/listeners'
import { changeQuota, changeUser, expireToken, removeQuota, securityFiles, securityView } from './security/security'
import { changeSetting, settingLines } from './settings/settings'
import {
  alterConfig,
  configLines,
  createTopic,
  deleteTopics,
  growTopic,
  partitionLines,
  purgeTopics,
  topicLines,
  topicOf,
} from './topics/topics'
import { TransactionRecords } from './transactions/transactions'
import { ExchangeLog } from './wire/exchanges'

export interface DeskParts {
  readonly broker: RunningBroker
  readonly clock: Clock
  readonly version: string
  /** Bound addresses of all listeners. */
  readonly addresses: readonly string[]
  /** How the broker was started; tests have no sockets. */
  readonly start?: StartFacts
  readonly readerThread: string
  readonly onError: (error: unknown) => void
}

/** What the pages are told of the start. */
export interface StartFacts {
  readonly listeners: readonly ListenerLine[]
  /** Settings that do not count because the start said otherwise. */
  readonly decided: readonly string[]
}

/** Answers everything in the contract, for any number of pages. */
export interface Desk extends Disposable {
  readonly handlers: Handlers
  /** The sum of all groups' lag, whenever it changed. */
  readonly lagChanged: Listen<number>
  readonly noticed: Listen<DeskNotice>
  /** Ends the demo, and removes what it made. */
  endDemo(): Promise<void>
}

const noStart: StartFacts = { listeners: [], decided: [] }

/** Pictures follow events at most this often: faster than eyes, slower than a busy broker. */
const pauseMs = 100

export function createDesk(parts: DeskParts): Desk {
  const { broker, clock, version, addresses, start = noStart, readerThread, onError } = parts
  const { core } = broker
  const startedAt = clock.now()
  const pulse = new Pulse(core, onError)
  const activity = new Activity(core, onError)
  const notices = new Notices(core, onError)
  const clients = new ClientRecords(core, pulse, onError)
  const transactions = new TransactionRecords(core, onError)
  const reader = new Reader(readerThread, core.workspace.file, onError)
  const exchanges = new ExchangeLog(broker.exchanges, core.topics)
  const hues = new MemberHues(core.groups.framed, (groupId) => recentFrames(core, groupId))
  const waiting = new WaitingResets(
    core,
    (groupId) => activity.note('reset', `${groupId} was moved when it was empty`, groupId),
    onError,
  )
  const demo = new Demo(core, addresses[0] ?? '', clock, onError)
  const beat: Source = pulse.beat
  const topicsChanged: Source = core.topics.changed
  const groupsChanged: Source = core.groups.framed
  const offsetsChanged: Source = core.groups.offsets.changed

  const lagChanged: Listen<number> = (tell) => {
    let last = -1
    return pulse.beat(() => {
      const lag = totalLag(core)
      if (lag !== last) tell((last = lag))
    })
  }

  const handlers: Handlers = {
    workspace(_, outlet) {
      reader.warm()
      return live(
        outlet,
        clock,
        pauseMs,
        () => status(core, { version, addresses, listeners: start.listeners, startedAt }),
        [beat, topicsChanged, core.clients.changed],
      )
    },
    traffic: (_, outlet) => live(outlet, clock, pauseMs, () => pulse.traffic, [beat]),
    activity: (_, outlet) => live(outlet, clock, pauseMs, () => activity.lines, [activity.changed]),
    topics: (_, outlet) =>
      live(outlet, clock, pauseMs, () => topicLines(core, pulse), [beat, topicsChanged, core.configs.changed]),
    'topic.partitions': ({ topic }, outlet) =>
      live(outlet, clock, pauseMs, () => partitionLines(core, topic), [beat, topicsChanged]),
    'topic.configs': ({ topic }) => configLines(core, topic),
    'topic.alter': ({ topic, config, value }) => alterConfig(core, topic, config, value),
    'topic.create': ({ topic, partitions, configs }) => createTopic(core, topic, partitions, configs),
    'topic.grow': ({ topic, partitions }) => growTopic(core, topic, partitions),
    'topics.delete': ({ topics }) => deleteTopics(core, topics),
    'topics.purge': ({ topics }) => purgeTopics(core, topics),
    'messages.search': (input, outlet) => search(core, reader, input, outlet),
    'topic.decoders': ({ topic }) => decodersOf(core, topic),
    'topic.decode': ({ topic, key, value }) => chooseDecoders(core, topic, { key, value }),
    'messages.export': (input, outlet) => exportMessages(core, reader, input, outlet),
    'messages.detail': ({ topic, partition, offset }) => detail(core, topic, partition, offset),
    'messages.exact': ({ topic, partition, offset }) => exact(core, topic, partition, offset),
    'messages.at': ({ topic, partition, offset }) => messageAt(core, topic, partition, offset),
    'partition.times': ({ topic, partition, steps }) => reader.times(topicOf(core, topic).row.id, partition, steps),
    'partition.at'({ topic, partition, at }) {
      const log = topicOf(core, topic).partition(partition)
      if (!log) throw new Error(`${topic} has no partition ${partition}.`)
      return offsetAt(log, at)
    },
    'messages.histogram': ({ topics, partitions, buckets }) =>
      reader.histogram(
        topics.map((topic) => topicOf(core, topic).row.id),
        partitions,
        buckets,
      ),
    'messages.produce': (input) => produce(core, input),
    'messages.import': (input) => importMessages(core, input),
    groups: (_, outlet) =>
      live(outlet, clock, pauseMs, () => groupLines(core, pulse.lags), [beat, groupsChanged, offsetsChanged]),
    group: ({ groupId }, outlet) =>
      live(outlet, clock, pauseMs, () => groupDetail(core, hues, waiting, groupId), [
        beat,
        (changed) => core.groups.framed((frame) => frame.groupId === groupId && changed()),
        (changed) => core.groups.offsets.changed((rows) => rows.some((row) => row.groupId === groupId) && changed()),
        (changed) => waiting.changed((id) => id === groupId && changed()),
      ]),
    'group.lag': ({ groupId }, outlet) => live(outlet, clock, pauseMs, () => pulse.lags.history(groupId), [beat]),
    'group.hues': ({ groupId }, outlet) =>
      live(outlet, clock, pauseMs, () => hues.all(groupId), [
        (changed) => core.groups.framed((frame) => frame.groupId === groupId && changed()),
      ]),
    'group.remove': ({ groupId, memberId }) => removeMember(core, groupId, memberId),
    async 'group.delete'({ groupId }) {
      const { error, message } = core.groups.delete(groupId)
      if (error !== 'NONE') throw new Error(message ?? error)
      await core.commits.settled
    },
    rebalances: ({ groupId }, outlet) => rebalances(core, groupId, outlet),
    'rebalances.frames': ({ groupId, fromAt, toAt }) => framesOf(core, groupId, fromAt, toAt),
    'rebalances.sessions': ({ groupId }, outlet) => {
      const sessions = new Sessions(core, groupId)
      return live(outlet, clock, 0, () => sessions.now(), [beat])
    },
    'rebalances.export': ({ groupId, from, to }) => exportScenario(core, groupId, from, to),
    'reset.plan': (input) => planReset(core, input, addresses[0]?.replace('127.0.0.1', 'localhost')),
    async 'reset.apply'(input) {
      const plan = await waiting.replaceBy(input.groupId, () => applyReset(core, input))
      activity.note('reset', `${input.groupId} was moved`, input.groupId)
      return plan
    },
    'reset.wait': (input) => waiting.add(input),
    'reset.cancel': ({ groupId }) => waiting.cancel(groupId),
    'reset.history': ({ groupId }) => resetHistory(core, groupId),
    clients: (_, outlet) => live(outlet, clock, pauseMs, () => clients.lines(), [clients.changed]),
    transactions: (_, outlet) => live(outlet, clock, pauseMs, () => transactions.lines(), [transactions.changed]),
    'client.metrics': ({ connectionId }) => clientMetrics(core, connectionId),
    'transaction.abort': ({ transactionalId }) => transactions.abort(transactionalId),
    'reset.undoPlan': ({ groupId, id }) => planUndo(core, groupId, id),
    'reset.undo': ({ groupId, id, fence }) => waiting.replaceBy(groupId, () => undoReset(core, groupId, id, fence)),
    exchanges: (_, outlet) => exchanges.watch(outlet),
    'exchange.detail': ({ seq }) => exchanges.detail(seq),
    security: (_, outlet) =>
      live(outlet, clock, pauseMs, () => securityView(core, start), [
        beat,
        core.configs.changed,
        core.refusals.changed,
      ]),
    'security.user': (input) => changeUser(core, input),
    'security.acl': ({ acl, remove }) => changeAcl(core, acl, remove),
    'security.authorizer': (input) => changeAuthorizer(core, input),
    'security.quota': (input) => changeQuota(core, input),
    'security.unquota': (input) => removeQuota(core, input),
    'security.listener.add': (input) => addListener(core, input, start),
    'security.listener.remove': ({ name }) => removeListener(core, name, start),
    'security.plaintext': ({ on }) => setPlaintext(core, on, start),
    'security.token.expire': ({ tokenId }) => expireToken(core, tokenId),
    'security.files': ({ client }) => securityFiles(core, client),
    settings: (_, outlet) =>
      live(outlet, clock, pauseMs, () => settingLines(core, start.decided), [core.configs.changed]),
    'settings.set': ({ name, value }) => changeSetting(core, name, value),
    demo: (_, outlet) => live(outlet, clock, pauseMs, () => demo.state, [demo.changed]),
    'demo.set': ({ running }) => (running ? demo.start() : demo.stop()),
    'workspace.copy': ({ path }) => core.workspace.saveCopy(path),
  }
  return {
    handlers,
    lagChanged,
    noticed: notices.noticed,
    endDemo: () => (demo.state.running ? demo.stop() : Promise.resolve()),
    dispose() {
      clients.dispose()
      transactions.dispose()
      pulse.dispose()
      notices.dispose()
      waiting.dispose()
      activity.dispose()
      reader.dispose().catch(onError)
    },
  }
}

function totalLag(core: Core): number {
  let lag = 0
  for (const groupId of core.groups.offsets.groupIds()) lag += lagOf(core, groupId)
  return lag
}

function status(
  core: Core,
  facts: {
    readonly version: string
    readonly addresses: readonly string[]
    readonly listeners: readonly ListenerLine[]
    readonly startedAt: number
  },
): WorkspaceStatus {
  const topics = core.topics.all().filter(({ internal }) => !internal)
  let messages = 0
  for (const topic of topics) for (const { facts: log } of topic.partitions()) messages += log.logEnd - log.logStart
  return {
    running: true,
    ...facts,
    clusterId: core.cluster.clusterId,
    file: core.workspace.isTemporary ? null : core.workspace.file,
    fileBytes: core.workspace.fileBytes(),
    topics: topics.length,
    partitions: topics.reduce((sum, { partitionCount }) => sum + partitionCount, 0),
    groups: core.groups.list().length,
    clients: core.clients.count,
    messages,
    totalLag: totalLag(core),
  }
}
