/** Why rebalances begin, as people sort them. */
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
  other: 'Other',
}

/** By the machine's event, which is exact where one event means one thing. */
const byEvent: Readonly<Record<string, CauseKind>> = {
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
  leave: 'left',
}

/** By the coordinator's words, where an event may mean many things; the first that fits. */
const byWords: readonly (readonly [RegExp, CauseKind])[] = [
  [/goes (over|back) to the \w+ protocol/, 'protocol'],
  [/changed its subscription|its subscription changed/, 'subscription'],
  [/ rejoined( as the leader|:|$)/, 'rejoined'],
  [/ joined|was restarted|was given its member id|first wait for other members/, 'joined'],
  [/ left| is gone$/, 'left'],
  [/^topic /, 'topics'],
]

export function causeKindOf({ kind, cause }: { readonly kind: string; readonly cause: string }): CauseKind {
  return byEvent[kind] ?? byWords.find(([words]) => words.test(cause))?.[1] ?? 'other'
}

/** Which rebalances somebody wants to see: of these kinds (all when empty), with this text in their cause. */
export interface CauseFilter {
  readonly kinds: ReadonlySet<CauseKind>
  readonly find: string
}

export function passes(
  { kinds, find }: CauseFilter,
  line: { readonly kind: CauseKind; readonly cause: string },
): boolean {
  return (kinds.size === 0 || kinds.has(line.kind)) && line.cause.toLowerCase().includes(find.toLowerCase())
}
