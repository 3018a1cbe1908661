import { texts } from './texts'

/** Explains a state of a group in a sentence. */
export function stateSentence(state: string): string {
  return texts.states[state] ?? state
}

/** States in the order of a group's life. */
export const groupStates = Object.keys(texts.states)
