import { attempt, notify } from '../../stores/notices'
import { shared } from '../../texts'

/** Runs an action that can be reversed, and offers to undo it. */
export async function undoable(
  action: () => Promise<unknown>,
  done: string,
  undo: () => Promise<unknown>,
): Promise<void> {
  if (!(await attempt(action))) return
  const run = () => void attempt(undo, shared.undone)
  notify({ kind: 'done', text: done, action: { label: shared.undo, run } })
}
