import type { Workspace } from '../../src-main/storage'

/** Where the full disk shows: in the statement itself, or when the turn's transaction is committed. */
export type Moment = 'statement' | 'commit'

/** From now on nothing can be stored in the workspace, as on a full disk, until the returned function is called. */
export function fillDisk(workspace: Workspace, moment: Moment): () => void {
  const write = workspace.write.bind(workspace)
  const append = workspace.append.bind(workspace)
  const fail = () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  }
  const failing = <T>(run: () => T): T => {
    if (moment === 'statement') {
      return write(() => {
        run()
        return fail()
      })
    }
    const result = run()
    // Later in the same turn of the event loop, which is stored as a whole or not at all.
    queueMicrotask(() => {
      try {
        write(fail)
      } catch {
        // The failure is the point: it is the turn's now.
      }
    })
    return result
  }
  workspace.write = (run) => failing(() => write(run))
  workspace.append = (log, batch) => failing(() => append(log, batch))
  return () => {
    Reflect.deleteProperty(workspace, 'write')
    Reflect.deleteProperty(workspace, 'append')
  }
}
