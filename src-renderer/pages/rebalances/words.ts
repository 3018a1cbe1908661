import type { GroupType } from '../../../src-main/contract/groups'
import type { Phase } from './history'
import { texts } from './texts'

/** Name of a phase in one word, where there is no room for more. */
export function shortPhaseWord(phase: Phase, type: GroupType): string {
  if (type === 'classic') return phase
  return phase === 'joining' ? 'old epoch' : phase === 'syncing' ? 'revoking' : phase
}

export function phaseWord(phase: Phase, type: GroupType): string {
  return texts.phases[type === 'classic' ? 'classic' : 'consumer'][phase]
}

export function stageWord(state: string): string {
  return texts.stages[state] ?? state
}

/** Classic groups count generations, other groups epochs. */
export function epochWord(type: GroupType): 'generation' | 'epoch' {
  return type === 'classic' ? 'generation' : 'epoch'
}
