import { UserError } from '../../base/user-error'
import type { ConnectionFinding } from '../../contract/connections'
import type { Handlers, Outlet } from '../../contract/server'
import type { Parts } from '../parts'
import type { ConnectionSource } from '../source/connections'
import type { LockSource } from '../source/workspace'

type Subject = Pick<
  Handlers,
  | 'connections'
  | 'connection.save'
  | 'connection.duplicate'
  | 'connection.delete'
  | 'connection.open'
  | 'connection.unpin'
  | 'connection.test'
  | 'connection.read'
  | 'connection.import'
>

/**
 * The stored connections are kept by the process that can encrypt secrets, and the same for all windows. A page sees the settings of a
 * connection, and of a secret whether it is set. What is tried, a form that is not saved yet, goes through the doctor's steps.
 */
export function connectionHandlers({ live }: Parts, connections: ConnectionSource): Subject {
  return {
    connections: (_, outlet) => live(outlet, () => connections.view(), [connections.changed]),
    async 'connection.save'(draft) {
      const saved = await connections.save(draft)
      const line = (await connections.view()).connections.find(({ id }) => id === saved)
      if (!line) throw new UserError('This connection was deleted.')
      return line
    },
    'connection.duplicate': async ({ id }) => ({ id: await connections.duplicate(id) }),
    'connection.delete': ({ id }) => connections.remove(id),
    'connection.open': ({ id, view }) => connections.open(id, view),
    'connection.unpin': ({ id }) => connections.unpin(id),
    'connection.test': (draft, outlet) => give(connections.test(draft), outlet),
    'connection.read': (file) => connections.read(file),
    'connection.import': async (chosen) => ({ ids: await connections.import(chosen) }),
  }
}

/** Gives each finding when it is there. Returns what stops it. */
function give(findings: AsyncIterable<ConnectionFinding>, outlet: Outlet<ConnectionFinding>): () => void {
  let isStopped = false
  const run = async () => {
    for await (const finding of findings) {
      if (isStopped) return
      outlet.push(finding)
    }
    outlet.end()
  }
  run().catch(outlet.fail)
  return () => {
    isStopped = true
  }
}

/** A cluster elsewhere is changed only while it is unlocked. */
export function lockHandlers(
  lock: LockSource,
): Pick<Handlers, 'cluster.unlock' | 'cluster.lock' | 'cluster.asksForMessages' | 'cluster.allowMessages'> {
  return {
    'cluster.unlock': ({ name }) => lock.unlock(name),
    'cluster.lock': () => lock.lock(),
    'cluster.asksForMessages': () => lock.asksForMessages,
    'cluster.allowMessages': ({ name }) => lock.allowMessages(name),
  }
}
