import type { ActivityLine } from '../../../src-main/contract/workspace'

export interface ActivityGroup extends ActivityLine {
  /** How often the same event happened; `at` is the newest time. */
  readonly times: number
  /** Steps of a rebalance; `text` says what began it, `at` is the time of its newest step. */
  readonly steps: number
  /** The same of other clients whose ids differ in a number alone, each once. */
  readonly alike: readonly string[]
}

/** The texts of `till-1` and `till-2` are alike. */
const withoutNumbers = (text: string) => text.replace(/\d+/g, '#')

/**
 * Connections of one client, and of clients with numbered ids, become one line: a client library opens several at each start, and a program
 * starts several clients; they would push joins, errors and resets out of sight. So do the steps of one rebalance, and equal errors in a row.
 */
export function activityGroups(lines: readonly ActivityLine[]): ActivityGroup[] {
  const groups: ActivityGroup[] = []
  const places = new Map<string | number, number>()
  for (const line of lines) {
    const { kind, text, rebalance } = line
    const last = groups.length - 1
    const key = kind === 'client' ? withoutNumbers(text) : rebalance
    const place = key === null ? undefined : places.get(key)
    const isRepeated = kind !== 'client' && place === undefined && groups[last]?.text === text
    const at = isRepeated ? last : place
    const group = at === undefined ? undefined : groups[at]
    if (group && at !== undefined) {
      groups[at] =
        kind === 'client' || isRepeated ? withAnother(group, text) : { ...group, text, steps: group.steps + 1 }
      continue
    }
    if (key !== null) places.set(key, groups.length)
    groups.push({ ...line, times: 1, steps: 1, alike: [] })
  }
  return groups
}

function withAnother(group: ActivityGroup, text: string): ActivityGroup {
  const isNew = text !== group.text && !group.alike.includes(text)
  return { ...group, times: group.times + 1, alike: isNew ? [...group.alike, text] : group.alike }
}
