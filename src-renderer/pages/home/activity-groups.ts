import type { ActivityLine } from '../../../src-main/contract/workspace'

export interface ActivityGroup extends ActivityLine {
  /** How often the same event happened; `at` is the newest time. */
  readonly times: number
  /** Steps of a rebalance; `text` says what began it, `at` is the time of its newest step. */
  readonly steps: number
}

/**
 * Connections of one client become one line: a client library opens several at each start, and would push joins, errors and resets out of
 * sight. So do the steps of one rebalance, and equal errors in a row.
 */
export function activityGroups(lines: readonly ActivityLine[]): ActivityGroup[] {
  const groups: ActivityGroup[] = []
  const places = new Map<string | number, number>()
  for (const line of lines) {
    const { kind, text, rebalance } = line
    const last = groups.length - 1
    const key = kind === 'client' ? text : rebalance
    const place = key === null ? undefined : places.get(key)
    const isRepeated = kind !== 'client' && place === undefined && groups[last]?.text === text
    const at = isRepeated ? last : place
    const group = at === undefined ? undefined : groups[at]
    if (group && at !== undefined) {
      groups[at] =
        kind === 'client' || isRepeated
          ? { ...group, times: group.times + 1 }
          : { ...group, text, steps: group.steps + 1 }
      continue
    }
    if (key !== null) places.set(key, groups.length)
    groups.push({ ...line, times: 1, steps: 1 })
  }
  return groups
}
