import type { ClientSettings } from './client/settings'

/**
 * The rule of a client that knows the id of its cluster: an address can lead to another cluster one day.
 *
 * @param known the id; null: that of the first answer
 * @param onFound called once with the first id, and with each other one that is refused
 */
export function pinned(
  known: string | null,
  onFound: (clusterId: string, isOther: boolean) => void = () => {},
): NonNullable<ClientSettings['refusesCluster']> {
  let expected = known
  let wasSeen = false
  return (clusterId) => {
    // Brokers before Kafka 0.10.1 have none.
    if (clusterId === null || clusterId === '') return undefined
    const isOther = expected !== null && expected !== clusterId
    if (isOther || !wasSeen) onFound(clusterId, isOther)
    wasSeen = true
    if (isOther) return otherClusterText(expected ?? '', clusterId)
    expected = clusterId
    return undefined
  }
}

function otherClusterText(expected: string, found: string): string {
  return `This is another cluster: its id is ${found}, and at the first connect it was ${expected}. Nothing is read from it. If it was replaced on purpose, accept the new id.`
}
