import type { Core } from '../../broker/core'
import { StorageFailure } from '../../storage'

/**
 * Runs a change and resolves when it is in the file. When it cannot be stored nothing of it is: what memory holds goes back with the
 * roll-back (`broker/commits.ts`), and the person is told.
 *
 * @throws Error with a sentence
 */
export async function stored<T>({ commits, workspace }: Core, change: () => T | Promise<T>): Promise<T> {
  try {
    const result = await change()
    // `settled` comes after the roll-back of memory; a change that only the file knows is waited for by `committed`.
    await (commits.settled ?? workspace.committed())
    return result
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error
    // The change may have thrown in the middle: its turn is over only when memory has gone back too.
    await commits.settled?.catch(() => {})
    throw new Error(`Nothing was changed, because the workspace cannot be written: ${error.message}.`)
  }
}
