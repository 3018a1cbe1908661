import type { RebalanceBoundary, RebalanceFrame } from '../../contract/groups'
import type { StreamsBoard } from '../../contract/streams'
import type { JournalSource } from '../source/groups'

type Rebalance = StreamsBoard['rebalance']

/** Why the last rebalance of a group started: read once from the journal, then from each new step. */
export class LastRebalance {
  readonly #journal: JournalSource | undefined
  readonly #groupId: string
  readonly #end: () => void
  #last: Rebalance | undefined

  constructor(journal: JournalSource | undefined, groupId: string) {
    this.#journal = journal
    this.#groupId = groupId
    this.#end =
      journal?.framed((frame) => {
        if (frame.groupId === groupId && isStart(frame)) this.#last = { at: frame.at, causes: frame.causes }
      }) ?? (() => {})
  }

  async now(): Promise<Rebalance> {
    if (this.#last !== undefined) return this.#last
    const start = (await this.#journal?.boundaries(this.#groupId))?.findLast(isStart)
    // A step that came meanwhile is newer.
    this.#last ??= start ? { at: start.at, causes: start.causes } : null
    return this.#last
  }

  dispose(): void {
    this.#end()
  }
}

function isStart({ boundary }: Pick<RebalanceBoundary | RebalanceFrame, 'boundary'>): boolean {
  return boundary === 'start' || boundary === 'startAndEnd'
}
