import { create } from 'zustand'
import type { Client } from '../../src-main/contract/client'
import { shared } from '../texts'

/** Whether messages may be written to a cluster in production. */
export interface ProductionQuestion {
  readonly cluster: string
  readonly answer: (isAllowed: boolean) => void
}

/** The question that is open; `ProductionDialog` shows it. */
export const useProduction = create<{ readonly question: ProductionQuestion | null }>(() => ({ question: null }))

let asked: Promise<boolean> | null = null

/** Two changes at the same time wait for one answer. */
function answered(cluster: string): Promise<boolean> {
  asked ??= new Promise<boolean>((answer) => useProduction.setState({ question: { cluster, answer } })).finally(() => {
    asked = null
    useProduction.setState({ question: null })
  })
  return asked
}

/** Asks before the first message of a session is written to a cluster in production. @throws Error when it is not to be written */
export async function mayWriteMessages(client: Client): Promise<void> {
  const cluster = await client.ask('cluster.asksForMessages', undefined)
  if (cluster !== null && !(await answered(cluster))) throw new Error(shared.notWritten(cluster))
}
