import type { ActivityLine } from '../../../src-main/contract/workspace'

export interface ActivityGroup extends ActivityLine {
  /** How often the same event happened; `at` is the newest time. */
  readonly times: number
}

/**
 * Connections of one client become one line: a client library opens several at each start, and would push joins, errors and resets out of
 * sight. Equal errors in a row become one line, too.
 */
export function activityGroups(lines: readonly ActivityLine[]): ActivityGroup[] {
  const groups: ActivityGroup[] = []
  const byClient = new Map<string, number>()
  for (const line of lines) {
    const last = groups.length - 1
    const known = line.kind === 'client' ? byClient.get(line.text) : groups[last]?.text === line.text ? last : undefined
    const group = known === undefined ? undefined : groups[known]
    if (group && known !== undefined) {
      groups[known] = { ...group, times: group.times + 1 }
      continue
    }
    if (line.kind === 'client') byClient.set(line.text, groups.length)
    groups.push({ ...line, times: 1 })
  }
  return groups
}
