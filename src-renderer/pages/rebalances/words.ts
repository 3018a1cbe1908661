import type { GroupType } from '../../../src-main/contract/groups'
import type { Phase } from './history'

/** What the coordinator does in a state. */
export const stageWords: Readonly<Record<string, string>> = {
  PreparingRebalance: 'joining',
  CompletingRebalance: 'syncing',
  Assigning: 'assigning',
  Reconciling: 'reconciling',
}

const classic: Readonly<Record<Phase, string>> = {
  stable: 'stable',
  joining: 'asked to rejoin',
  waiting: 'joined, waits for others',
  syncing: 'fetches its assignment',
  silent: 'silent',
  gone: 'gone',
}

const consumer: Readonly<Record<Phase, string>> = {
  ...classic,
  joining: 'on an older epoch',
  waiting: 'waits for partitions',
  syncing: 'gives up partitions',
}

/** In one word, where there is no room for more. */
export function shortPhaseWord(phase: Phase, type: GroupType): string {
  if (type === 'classic') return phase
  return phase === 'joining' ? 'old epoch' : phase === 'syncing' ? 'revoking' : phase
}

export function phaseWord(phase: Phase, type: GroupType): string {
  return (type === 'classic' ? classic : consumer)[phase]
}

/** Classic groups count generations, consumer groups epochs. */
export function epochWord(type: GroupType): 'generation' | 'epoch' {
  return type === 'classic' ? 'generation' : 'epoch'
}
