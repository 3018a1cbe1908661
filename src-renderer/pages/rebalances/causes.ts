import type { Cause } from '../../../src-main/contract/causes'

/** Why rebalances start, as the page groups them. */
export const causeKinds = [
  'joined',
  'left',
  'silent',
  'late',
  'rejoined',
  'subscription',
  'topics',
  'reset',
  'protocol',
  'refused',
  'broker',
  'deliveries',
  'other',
] as const
export type CauseKind = (typeof causeKinds)[number]

export const causeLabels: Readonly<Record<CauseKind, string>> = {
  joined: 'Joined',
  left: 'Left',
  silent: 'No heartbeat',
  late: 'Rebalance timeout',
  rejoined: 'Rejoined',
  subscription: 'Subscription',
  topics: 'Topics',
  reset: 'Reset',
  protocol: 'Protocol',
  refused: 'Refused',
  broker: 'Broker restart',
  deliveries: 'Deliveries',
  other: 'Other',
}

const kindOfCause: Readonly<Record<Exclude<Cause['kind'], 'told' | 'rejoined'>, CauseKind>> = {
  joined: 'joined',
  memberIdAssigned: 'joined',
  initialDelayElapsed: 'joined',
  staticRejoined: 'joined',
  left: 'left',
  leftTemporarily: 'left',
  pendingLeft: 'left',
  sessionExpired: 'silent',
  firstJoinExpired: 'silent',
  pendingExpired: 'silent',
  rejoinExpired: 'late',
  syncExpired: 'late',
  revocationExpired: 'late',
  subscriptionChanged: 'subscription',
  topicsChanged: 'topics',
  patternsResolved: 'topics',
  offsetsReset: 'reset',
  resetUndone: 'reset',
  refused: 'refused',
  brokerRestarted: 'broker',
  deliveries: 'deliveries',
  otherDeliveries: 'deliveries',
  deadLettered: 'deliveries',
  upgraded: 'protocol',
  downgraded: 'protocol',
  awaitsAssignment: 'other',
  assignmentFetched: 'other',
  assigned: 'other',
  mustRevoke: 'other',
  revoked: 'other',
  gained: 'other',
  awaitsPartitions: 'other',
  memberChanged: 'other',
  mustRevokeTasks: 'other',
  revokedTasks: 'other',
  gainedTasks: 'other',
  awaitsTasks: 'other',
  targetMade: 'other',
  assignmentConfigsChanged: 'other',
  shutdownRequested: 'left',
  notReady: 'topics',
  topologyReady: 'topics',
  epochReached: 'other',
}

/** For sentences of old journals: by the machine's event. */
const kindOfEvent: Readonly<Record<string, CauseKind>> = {
  join: 'joined',
  leave: 'left',
  fence: 'reset',
  sessionExpired: 'silent',
  memberSessionExpired: 'silent',
  pendingExpired: 'silent',
  joinExpired: 'late',
  syncExpired: 'late',
  revocationExpired: 'late',
  rejoinExpired: 'late',
  assignmentNotFetched: 'late',
  topicsChanged: 'topics',
}

/** The kind of a step's first cause, or of a change of protocol wherever it stands. */
export function causeKindOf({ kind, causes }: { readonly kind: string; readonly causes: readonly Cause[] }): CauseKind {
  const cause = causes.find((each) => each.kind === 'upgraded' || each.kind === 'downgraded') ?? causes[0]
  if (!cause || cause.kind === 'told') return kindOfEvent[kind] ?? 'other'
  if (cause.kind === 'rejoined') return cause.because === 'subscriptionChanged' ? 'subscription' : 'rejoined'
  return kindOfCause[cause.kind]
}

/** The rebalances to show: those of these kinds (all when empty) with this text in their cause. */
export interface CauseFilter {
  readonly kinds: ReadonlySet<CauseKind>
  readonly find: string
}

export function passes(
  { kinds, find }: CauseFilter,
  line: { readonly kind: CauseKind; readonly cause: string },
): boolean {
  // Deliveries go on all the time: they are listed when they are asked for.
  const isWanted = kinds.size === 0 ? line.kind !== 'deliveries' || find !== '' : kinds.has(line.kind)
  return isWanted && line.cause.toLowerCase().includes(find.toLowerCase())
}
