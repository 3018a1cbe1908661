import type { ConnectionsView } from '../../../src-main/contract/connections'
import { useFeed } from '../../stores/feed'
import { here } from './compared'
import { texts } from './texts'

/** A side as the page shows it. */
export interface Side {
  /** `here`, the id of a stored connection, or empty: not chosen. */
  readonly id: string
  readonly name: string
  /** The same inside a sentence. */
  readonly inText: string
  readonly isHere: boolean
  /** What these pages show, in a list. */
  readonly hereLabel: string
}

export function useSides(connections: ConnectionsView['connections'], a: string, b: string): readonly [Side, Side] {
  const { value: status } = useFeed('workspace', undefined)
  const cluster = status?.cluster
  const hereName = cluster?.name ?? texts.here
  // The connection of this window may be in the list too.
  const hereLabel = cluster ? texts.hereCluster(cluster.name) : texts.here
  const sideOf = (id: string, unchosen: string): Side => {
    const name = id === here ? hereName : id === '' ? unchosen : connections.find((one) => one.id === id)?.name
    const inText = id === here && !cluster ? texts.hereInText : (name ?? texts.gone)
    return { id, name: name ?? texts.gone, inText, isHere: id === here, hereLabel }
  }
  return [sideOf(a, texts.left), sideOf(b, texts.right)]
}
