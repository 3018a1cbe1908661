import type { AclLine } from '../../../src-main/contract/security'

const first: AclLine = {
  resourceType: 'TOPIC',
  resourceName: '*',
  prefixed: false,
  principal: 'User:',
  host: '*',
  operation: 'READ',
  allow: true,
}

/** The rule that an address asks for, as `queryOf` wrote it. */
export function draftOf(query: string): AclLine {
  try {
    const rule: unknown = JSON.parse(new URLSearchParams(query).get('rule') ?? '{}')
    return { ...first, ...(rule as Partial<AclLine>) }
  } catch {
    return first
  }
}

export function queryOf(rule: AclLine): string {
  return new URLSearchParams({ rule: JSON.stringify(rule) }).toString()
}
