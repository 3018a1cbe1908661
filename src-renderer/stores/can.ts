import { create } from 'zustand'
import type { Can } from '../../src-main/contract/capabilities'
import type { Name } from '../../src-main/contract/contract'
import { useHost } from '../host'

/** What the cluster can answer, by the names of the contract; `null` before it is known. */
const useCanStore = create<{ readonly can: Can<string> | null }>(() => ({ can: null }))

useHost.subscribe(({ client }, before) => {
  if (client === before.client) return
  useCanStore.setState({ can: null })
  askCan()
})

/** Asks what the cluster can answer: after a new connection, and when it was unlocked or became read-only. */
export function askCan(): void {
  const { client } = useHost.getState()
  client?.ask('can', undefined).then(
    (can) => useCanStore.setState({ can }),
    // The connection is gone: the next one is asked again.
    () => useCanStore.setState({ can: null }),
  )
}

/** `true`, or the sentence to show in place of what these names feed. Until it is known, everything can. */
export function useCan(...names: readonly Name[]): true | string {
  const can = useCanStore((state) => state.can)
  return names.map((name) => can?.[name] ?? true).find((answer) => answer !== true) ?? true
}
