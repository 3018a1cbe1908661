import type { Core } from '../../broker/core'
import { StorageFailure } from '../../storage'

/** How the sentence begins that a person reads when a change could not be stored. */
export const nothingChanged = 'Nothing was changed, because the workspace cannot be written: '

/**
 * Runs a change and resolves when it is in the file. When it cannot be stored nothing of it is: what memory holds goes back with the
 * roll-back (`broker/commits.ts`), and the person is told.
 *
 * @throws Error with a sentence
 */
export async function stored<T>({ commits, workspace, writeFailures }: Core, change: () => T | Promise<T>): Promise<T> {
  try {
    const result = await change()
    // `settled` comes after the roll-back of memory; a change that only the file knows is waited for by `committed`.
    const commit = commits.settled ?? workspace.committed()
    const [done, stored] = await Promise.allSettled([result, commit])
    // The commit's failure is the cause of the other.
    if (stored.status === 'rejected') throw stored.reason
    if (done.status === 'rejected') throw done.reason
    return done.value
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error
    writeFailures.failed(error)
    // Where the change itself threw, its turn is not over yet: what it wrote before can still be seen until then.
    await Promise.allSettled([workspace.committed(), commits.settled])
    throw new Error(`${nothingChanged}${error.message}.`)
  }
}
