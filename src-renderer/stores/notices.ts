import { create } from 'zustand'
import { shared } from '../texts'
import { hideLater, type OpenView } from './notice-time'
import { href, onRouteChange, presentRoute } from './route'

export interface Notice {
  readonly id: number
  readonly kind: 'done' | 'problem'
  readonly text: string
  /** The same text came this often in a row. */
  readonly times: number
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface Notices {
  readonly list: readonly Notice[]
}

export const useNotices = create<Notices>(() => ({ list: [] }))

let lastId = 0
const maxNotices = 4

export function dismiss(id: number): void {
  useNotices.setState(({ list }) => ({ list: list.filter((notice) => notice.id !== id) }))
}

/** Without the query: a filter that is typed leads to no other view. */
const openView: OpenView = {
  present() {
    const { page, subject, tab } = presentRoute()
    return href(page, subject, tab)
  },
  onChange: onRouteChange,
}

/**
 * Shows the result of an action over the page. Errors stay until they are dismissed, what can be undone stays while its view is open. The
 * same text again is counted, not repeated.
 */
export function notify(notice: Omit<Notice, 'id' | 'times'>): void {
  const id = ++lastId
  useNotices.setState(({ list }) => {
    const same = list.find(({ kind, text }) => kind === notice.kind && text === notice.text)
    const others = list.filter((other) => other !== same)
    return { list: [...others.slice(1 - maxNotices), { ...notice, id, times: (same?.times ?? 0) + 1 }] }
  })
  if (notice.kind === 'done') hideLater(notice.action !== undefined, openView, () => dismiss(id))
}

/** Says that something was done, and offers to undo it. The text names what was changed: the notice of another change is not replaced. */
export function notifyUndoable(text: string, undo: () => Promise<unknown>): void {
  const run = () => void attempt(undo, shared.undone)
  notify({ kind: 'done', text, action: { label: shared.undo, run } })
}

/** Runs an action and shows a notice with the outcome. Resolves to true when it succeeded. */
export async function attempt(action: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await action()
    if (done) notify({ kind: 'done', text: done })
    return true
  } catch (error) {
    notify({ kind: 'problem', text: error instanceof Error ? error.message : String(error) })
    return false
  }
}
