/** Kafka's words for the state of a group, each in a sentence. */
const sentences: Readonly<Record<string, string>> = {
  Stable: 'Every member has its partitions and reads.',
  Empty: 'Nobody is in the group; its offsets are kept.',
  Dead: 'The group has no members and no offsets; it is about to be removed.',
  PreparingRebalance: 'The members were asked to join again; the coordinator waits for all of them.',
  CompletingRebalance: 'All have joined; the leader works out who gets which partitions.',
  Assigning: 'Something changed; the coordinator works out who gets which partitions.',
  Reconciling: 'The new assignment is known; some members still give up or take over partitions.',
}

export function stateSentence(state: string): string {
  return sentences[state] ?? state
}

/** States in the order in which they come in a group's life. */
export const groupStates = Object.keys(sentences)
