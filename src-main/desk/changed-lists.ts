import type { Outlet } from '../contract/server'

/** Passes on only lists that differ from the one before. */
export function changedLists<T>(
  outlet: Outlet<readonly T[]>,
  isSame: (before: T, now: T) => boolean,
): Outlet<readonly T[]> {
  let last: readonly T[] | undefined
  return {
    ...outlet,
    push(list) {
      const before = last
      last = list
      const isChanged = before?.length !== list.length || list.some((one, i) => !isSame(before[i] as T, one))
      if (isChanged) outlet.push(list)
    },
  }
}
