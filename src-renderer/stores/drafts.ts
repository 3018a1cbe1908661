import { useState } from 'react'

/** Input that was typed and not sent, by form. It survives the form: a dialog that is closed by mistake opens with it again. */
const drafts = new Map<string, unknown>()

/** Like useState, but the value is kept in memory under `key` when the form is closed. `null` keeps nothing. */
export function useDraft<T>(key: string | null, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => (key !== null && drafts.has(key) ? (drafts.get(key) as T) : initial))
  return [
    value,
    (next) => {
      if (key !== null) drafts.set(key, next)
      setValue(next)
    },
  ]
}

/** Forgets the drafts of a form: the user discarded them. */
export function discardDrafts(prefix: string): void {
  for (const key of [...drafts.keys()]) if (key.startsWith(prefix)) drafts.delete(key)
}
