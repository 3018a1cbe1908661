import { create } from 'zustand'
import type { Can } from '../../src-main/contract/capabilities'
import { type ChangeName, type Contract, type Name, writesMessages } from '../../src-main/contract/contract'
import type { AnswerOf, InputOf } from '../../src-main/contract/define'
import { useHost } from '../host'
import { shared } from '../texts'
import { mayWriteMessages } from './production'

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
  const isStale = () => useHost.getState().client !== client
  client?.ask('can', undefined).then(
    (can) => isStale() || useCanStore.setState({ can }),
    // The connection is gone: the next one is asked again.
    () => isStale() || useCanStore.setState({ can: null }),
  )
}

/** `true`, or the sentence to show in place of what these names feed. Until it is known, parts of a page are shown; actions wait (`useWhyNot`). */
export function useCan(...names: readonly Name[]): true | string {
  const can = useCanStore((state) => state.can)
  return names.map((name) => can?.[name] ?? true).find((answer) => answer !== true) ?? true
}

/** What an action of a page changes in the cluster: one question or several. */
export type Needs = ChangeName | readonly ChangeName[]

/** Why an action cannot run now, in a sentence; `null`: that is not known yet; `undefined`: it can. */
export type WhyNot = string | null | undefined

export function useWhyNot(needs: Needs | null | undefined): WhyNot {
  return useWhyNotOf()(needs)
}

/** The same for any number of actions. */
export function useWhyNotOf(): (needs: Needs | null | undefined) => WhyNot {
  const can = useCanStore((state) => state.can)
  return (needs) => {
    const names = [needs ?? []].flat()
    if (names.length === 0) return undefined
    if (can === null) return null
    return names.map((name) => can[name] ?? true).find((answer) => answer !== true)
  }
}

/**
 * Changes the cluster. The control that leads here names the change in its `needs`, so that it is disabled while the cluster is read-only.
 *
 * @throws Error, whose message is for users
 */
export async function change<N extends ChangeName>(
  name: N,
  input: InputOf<Contract[N]>,
): Promise<AnswerOf<Contract[N]>> {
  const { can } = useCanStore.getState()
  const isPossible = can?.[name] ?? true
  if (isPossible !== true) throw new Error(isPossible)
  const { client } = useHost.getState()
  if (!client) throw new Error(shared.brokerNotReady)
  if (can?.['cluster.asksForMessages'] === true && writesMessages(name, input)) await mayWriteMessages(client)
  return await client.ask(name, input)
}
