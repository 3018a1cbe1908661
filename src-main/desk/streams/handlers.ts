import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { StreamsSource } from '../source/streams'
import { streamsBoard } from './board'
import { LastRebalance } from './last-rebalance'

type Subject = Pick<Handlers, 'streams.board'>

/**
 * How a question about tasks travels: the page opens the feed `streams.board`; a step of the group, a commit or a beat asks the source for
 * the group, `board.ts` bounds it, `tasks.ts` tells where each task is and `notes.ts` what the group waits for.
 */
export function streamsHandlers({ source, clock, pulse, live }: Parts, streams: StreamsSource): Subject {
  return {
    'streams.board'({ groupId }, outlet) {
      const rebalance = new LastRebalance(source.journal, groupId)
      const offsets = async () => (await source.groups.offsets([groupId])).get(groupId) ?? []
      const stop = live(outlet, async () => {
        const board = await streamsBoard(streams, groupId, offsets, clock.now())
        return board && { ...board, rebalance: await rebalance.now() }
      }, [pulse.beat, (changed) => source.groups.changed((id) => id === groupId && changed())])
      return () => {
        stop()
        rebalance.dispose()
      }
    },
  }
}
