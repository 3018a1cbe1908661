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
  /** The name of what these pages show. */
  readonly hereName: string
}

export function useSides(connections: ConnectionsView['connections'], a: string, b: string): readonly [Side, Side] {
  const { value: status } = useFeed('workspace', undefined)
  const hereName = status?.cluster?.name ?? texts.here
  const sideOf = (id: string, unchosen: string): Side => {
    const name = id === here ? hereName : id === '' ? unchosen : connections.find((one) => one.id === id)?.name
    const inText = id === here && !status?.cluster ? texts.hereInText : (name ?? texts.gone)
    return { id, name: name ?? texts.gone, inText, isHere: id === here, hereName }
  }
  return [sideOf(a, texts.left), sideOf(b, texts.right)]
}
