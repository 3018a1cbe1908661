import { create } from 'zustand'

export interface Notice {
  readonly id: number
  readonly kind: 'done' | 'problem'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface Notices {
  readonly list: readonly Notice[]
}

export const useNotices = create<Notices>(() => ({ list: [] }))

let lastId = 0
const shownMs = 6000

export function dismiss(id: number): void {
  useNotices.setState(({ list }) => ({ list: list.filter((notice) => notice.id !== id) }))
}

/** Says what was done, or what went wrong: problems stay until they are read. */
export function notify(notice: Omit<Notice, 'id'>): void {
  const id = ++lastId
  useNotices.setState(({ list }) => ({ list: [...list.slice(-3), { ...notice, id }] }))
  if (notice.kind === 'done') setTimeout(() => dismiss(id), shownMs)
}

/** Runs a deed and says how it went. Resolves to true when it went well. */
export async function attempt(deed: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await deed()
    if (done) notify({ kind: 'done', text: done })
    return true
  } catch (error) {
    notify({ kind: 'problem', text: error instanceof Error ? error.message : String(error) })
    return false
  }
}
