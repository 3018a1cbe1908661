import { attempt, notify } from '../../stores/notices'

/** Runs what can be taken back, says so, and offers to. */
export async function undoable(
  deed: () => Promise<unknown>,
  done: string,
  undo: () => Promise<unknown>,
): Promise<void> {
  if (!(await attempt(deed))) return
  const run = () => void attempt(undo, 'It is as before.')
  notify({ kind: 'done', text: done, action: { label: 'Undo', run } })
}
