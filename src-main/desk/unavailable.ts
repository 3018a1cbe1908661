import { type Cannot, capabilities } from '../contract/capabilities'
import { type AskName, contract, type FeedName, type Name, writesMessages } from '../contract/contract'
import type { Handlers, Outlet } from '../contract/server'
import type { LockSource } from './source/workspace'

const unknown = 'This cluster cannot answer that.'

/** Handlers of the whole contract: parts that a cluster cannot answer say so, each with its sentence. */
export function withCapabilities(handlers: Partial<Handlers>, stated: Cannot<Name>, lock?: LockSource): Handlers {
  const names = Object.keys(contract) as Name[]
  const missing = names.filter((name) => name !== 'can' && !Object.hasOwn(handlers, name))
  const cannot: Cannot<Name> = { ...Object.fromEntries(missing.map((name) => [name, unknown])), ...stated }
  const refused = Object.entries(cannot).map(([name, sentence]) => [name, refusal(name as Name, sentence)])
  const writes = (lock?.names ?? []).filter((name) => !Object.hasOwn(cannot, name))
  const guarded = writes.map((name) => [name, guard(name, handlers[name], lock)])
  const can = () => {
    const why = lock?.why()
    const locked = why === undefined ? [] : writes.map((name) => [name, why])
    return capabilities(names, { ...cannot, ...Object.fromEntries(locked) })
  }
  return { ...handlers, ...Object.fromEntries([...refused, ...guarded]), can } as Handlers
}

/** Asked each time: a cluster is unlocked for a while only, and in production messages are allowed apart. */
function guard(name: Name, handler: unknown, lock: LockSource | undefined) {
  return (...input: readonly unknown[]) => {
    const why = lock?.why() ?? (writesMessages(name, input[0]) ? lock?.whyNoMessages() : undefined)
    const run = why === undefined ? handler : refusal(name, why)
    return (run as (...input: readonly unknown[]) => unknown)(...input)
  }
}

function refusal(name: Name, sentence: string): Handlers[AskName] | Handlers[FeedName] {
  if (contract[name].verb === 'ask') return () => Promise.reject(new Error(sentence))
  return (_input: unknown, outlet: Pick<Outlet<never>, 'fail'>) => {
    outlet.fail(new Error(sentence))
    return () => {}
  }
}
