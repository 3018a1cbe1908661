import type { Clock } from '../base/clock'
import type { ConnectionFinding } from '../contract/connections'
import type { Handlers } from '../contract/server'
import { alertHandlers } from './alerts/handlers'
import { registryHandlers } from './chosen-registry/handlers'
import { clientHandlers } from './clients/handlers'
import { comparisonHandlers } from './comparison/handlers'
import { connectionHandlers, lockHandlers } from './connections/handlers'
import { copyHandlers } from './copies/handlers'
import { doctorHandlers } from './doctor/handlers'
import { groupHandlers } from './groups/handlers'
import { homeHandlers } from './home/handlers'
import type { RunFacts } from './home/status'
import { messageHandlers } from './messages/handlers'
import { hueHandlers, rebalanceHandlers } from './rebalances/handlers'
import { resendHandlers } from './resend/handlers'
import { resetHandlers } from './reset/handlers'
import { schemaHandlers } from './schemas/handlers'
import { listenerHandlers, securityHandlers } from './security/handlers'
import { demoHandlers, settingHandlers } from './settings/handlers'
import { shareHandlers } from './shares/handlers'
import type { ComparisonSource } from './source/comparison'
import type { ConnectionSource } from './source/connections'
import type { ClusterSource } from './source/source'
import { type DeskState, deskState } from './state'
import { streamsHandlers } from './streams/handlers'
import { topicHandlers } from './topics/handlers'
import { transactionHandlers } from './transactions/handlers'
import { withCapabilities } from './unavailable'
import { viewHandlers } from './views/handlers'
import { wireHandlers } from './wire/handlers'

export interface DeskParts extends Omit<RunFacts, 'startedAt'> {
  readonly source: ClusterSource
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** Stored connections to clusters elsewhere, where this process has them. */
  readonly connections?: ConnectionSource
  /** Compares what the pages show with stored connections, or two of these. */
  readonly comparison?: ComparisonSource
  /** Tries every step of the connections to what the pages show. */
  readonly doctor?: () => AsyncIterable<ConnectionFinding>
}

/** Answers everything in the contract, for any number of pages. */
export interface Desk extends Pick<DeskState, 'lagChanged' | 'noticed' | 'dispose'> {
  readonly handlers: Handlers
}

export function createDesk({ source, clock, onError, connections, comparison, doctor, ...run }: DeskParts): Desk {
  const state = deskState(source, clock, onError)
  const { parts, activity, clientRecords, hues, waiting } = state
  const { clients, copies, journal, shares, streams, wire, listeners, settings, demo, schemas } = source
  const handlers: Partial<Handlers> = {
    ...homeHandlers(parts, activity, { ...run, startedAt: clock.now() }),
    ...topicHandlers(parts, state.resends),
    ...messageHandlers(parts, state.searches),
    ...viewHandlers(parts),
    ...alertHandlers(parts, state.alerts),
    ...resendHandlers(parts, state.resends),
    ...groupHandlers(parts, { hues, waiting }),
    ...hueHandlers(parts, hues),
    ...(journal && rebalanceHandlers(parts, journal)),
    ...(shares && shareHandlers(parts, shares)),
    ...(streams && streamsHandlers(parts, streams)),
    ...resetHandlers(parts, { waiting, activity, address: run.addresses[0] }),
    ...(copies && copyHandlers(parts, copies)),
    ...(clients && clientRecords && clientHandlers(parts, clients, clientRecords)),
    ...transactionHandlers(parts, state.transactions),
    ...(wire && wireHandlers(wire)),
    ...securityHandlers(parts),
    ...(listeners && listenerHandlers(listeners)),
    ...registryHandlers(parts),
    ...(settings && settingHandlers(parts, settings)),
    ...(demo && demoHandlers(parts, demo)),
    ...(schemas && schemaHandlers(parts, schemas)),
    ...(doctor && doctorHandlers(doctor)),
    ...(connections && connectionHandlers(parts, connections)),
    ...(comparison && comparisonHandlers(comparison)),
    ...(source.lock && lockHandlers(source.lock)),
  }
  const { lagChanged, noticed } = state
  return {
    handlers: withCapabilities(handlers, source.cannot, source.lock),
    lagChanged,
    noticed,
    dispose: () => state.dispose(),
  }
}
