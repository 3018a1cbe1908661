import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import type { Listen } from '../base/emitter'
import type { Handlers } from '../contract/server'
import { ClientRecords } from './clients/clients'
import { clientHandlers } from './clients/handlers'
import { groupHandlers } from './groups/handlers'
import { Activity } from './home/activity'
import { homeHandlers } from './home/handlers'
import { type DeskNotice, Notices } from './home/notices'
import { Pulse } from './home/pulse'
import { lagChanges, type RunFacts } from './home/status'
import { messageHandlers } from './messages/handlers'
import { partsOf } from './parts'
import { hueHandlers, rebalanceHandlers } from './rebalances/handlers'
import { MemberHues, recentFrames } from './rebalances/hues'
import { resetHandlers } from './reset/handlers'
import { WaitingResets } from './reset/waiting'
import { schemaHandlers } from './schemas/handlers'
import { listenerHandlers, securityHandlers } from './security/handlers'
import { demoHandlers, settingHandlers } from './settings/handlers'
import type { ClusterSource } from './source/source'
import { topicHandlers } from './topics/handlers'
import { transactionHandlers } from './transactions/handlers'
import { TransactionRecords } from './transactions/transactions'
import { withCapabilities } from './unavailable'
import { wireHandlers } from './wire/handlers'

export interface DeskParts extends Omit<RunFacts, 'startedAt'> {
  readonly source: ClusterSource
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** Answers everything in the contract, for any number of pages. */
export interface Desk extends Disposable {
  readonly handlers: Handlers
  /** The sum of all groups' lag, whenever it changed. */
  readonly lagChanged: Listen<number>
  readonly noticed: Listen<DeskNotice>
}

export function createDesk({ source, clock, onError, ...run }: DeskParts): Desk {
  const pulse = new Pulse(source, clock, onError)
  const parts = partsOf({ source, clock, pulse, onError })
  const activity = new Activity(source, clock, onError)
  const notices = new Notices(source, onError)
  const { clients, journal, wire, listeners, settings, demo } = source
  const clientRecords = clients && new ClientRecords(clients, clock, pulse.beat, onError)
  const transactions = new TransactionRecords(source.transactions, onError)
  const hues = new MemberHues(journal?.framed, (groupId) => recentFrames(journal, groupId))
  const applied = (groupId: string) => activity.note('reset', `${groupId} was moved when it was empty`, groupId)
  const waiting = new WaitingResets({ source, clock, applied, onError })
  const handlers: Partial<Handlers> = {
    ...homeHandlers(parts, activity, { ...run, startedAt: clock.now() }),
    ...topicHandlers(parts),
    ...messageHandlers(parts),
    ...groupHandlers(parts, { hues, waiting }),
    ...hueHandlers(parts, hues),
    ...(journal && rebalanceHandlers(parts, journal)),
    ...resetHandlers(parts, { waiting, activity, address: run.addresses[0] }),
    ...(clients && clientRecords && clientHandlers(parts, clients, clientRecords)),
    ...transactionHandlers(parts, transactions),
    ...(wire && wireHandlers(wire)),
    ...securityHandlers(parts),
    ...(listeners && listenerHandlers(listeners)),
    ...(settings && settingHandlers(parts, settings)),
    ...(demo && demoHandlers(parts, demo)),
    ...(source.schemas && schemaHandlers(parts, source.schemas)),
  }
  return {
    handlers: withCapabilities(handlers, source.cannot),
    lagChanged: lagChanges(source, clock, pulse.beat, onError),
    noticed: notices.noticed,
    dispose() {
      for (const part of [clientRecords, transactions, pulse, notices, waiting, activity]) part?.dispose()
    },
  }
}
