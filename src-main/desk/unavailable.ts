import { type Cannot, capabilities } from '../contract/capabilities'
import { type AskName, contract, type FeedName, type Name } from '../contract/contract'
import type { Handlers, Outlet } from '../contract/server'

const unknown = 'This cluster cannot answer that.'

/** Handlers of the whole contract: parts that a cluster cannot answer say so, each with its sentence. */
export function withCapabilities(handlers: Partial<Handlers>, stated: Cannot<Name>): Handlers {
  const names = Object.keys(contract) as Name[]
  const missing = names.filter((name) => name !== 'can' && !Object.hasOwn(handlers, name))
  const cannot: Cannot<Name> = { ...Object.fromEntries(missing.map((name) => [name, unknown])), ...stated }
  const can = capabilities(names, cannot)
  const refused = Object.entries(cannot).map(([name, sentence]) => [name, refusal(name as Name, sentence)])
  return { ...handlers, ...Object.fromEntries(refused), can: () => can } as Handlers
}

function refusal(name: Name, sentence: string): Handlers[AskName] | Handlers[FeedName] {
  if (contract[name].verb === 'ask') return () => Promise.reject(new Error(sentence))
  return (_input: unknown, outlet: Pick<Outlet<never>, 'fail'>) => {
    outlet.fail(new Error(sentence))
    return () => {}
  }
}
