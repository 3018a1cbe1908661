import { type AclLine, clusterResourceName } from '../../../src-main/contract/security'
import { coversHost } from './host-range'

const first: AclLine = {
  resourceType: 'TOPIC',
  resourceName: '*',
  prefixed: false,
  principal: 'User:',
  host: '*',
  operation: 'READ',
  allow: true,
}

/** What a client is to do. Each task needs several ACLs. */
export type Task = 'consume' | 'produce' | 'transact'

/** The input of the form "Grant access". */
export interface GrantDraft {
  readonly task: Task
  readonly principal: string
  readonly topic: string
  readonly prefixed: boolean
  /** For `consume`. */
  readonly group: string
  /** For `transact`. */
  readonly transactionalId: string
  readonly canCreate: boolean
}

export const emptyGrant: GrantDraft = {
  task: 'consume',
  principal: 'User:',
  topic: '',
  prefixed: false,
  group: '',
  transactionalId: '',
  canCreate: false,
}

const isPrincipal = (text: string) => /^\w+:.+/.test(text)

/** Something was typed that is no principal yet. */
export const isUnfinishedPrincipal = (text: string) =>
  text.trim() !== '' && text !== first.principal && !isPrincipal(text)

/** The input is complete. */
export function isComplete({ task, principal, topic, group, transactionalId }: GrantDraft): boolean {
  if (!isPrincipal(principal) || topic === '') return false
  return task === 'consume' ? group !== '' : task === 'produce' || transactionalId !== ''
}

/**
 * The ACLs of a task, as kafka-acls.sh adds them with --producer and --consumer, without DESCRIBE: READ and WRITE imply it
 * (AclAuthorizer, KIP-11). Since KIP-679 an idempotent producer needs no IDEMPOTENT_WRITE on the cluster.
 */
export function aclsOf({ task, principal, topic, prefixed, group, transactionalId, canCreate }: GrantDraft): AclLine[] {
  const acl = (fields: Partial<AclLine>): AclLine => ({ ...first, principal: principal.trim(), ...fields })
  const onTopic = (operation: AclLine['operation']) => acl({ resourceName: topic, prefixed, operation })
  if (task === 'consume') {
    return [onTopic('READ'), acl({ resourceType: 'GROUP', resourceName: group, operation: 'READ' })]
  }
  return [
    onTopic('WRITE'),
    ...(canCreate ? [onTopic('CREATE')] : []),
    ...(task === 'transact'
      ? [acl({ resourceType: 'TRANSACTIONAL_ID', resourceName: transactionalId, operation: 'WRITE' })]
      : []),
  ]
}

/** `READ on TOPIC orders` */
export function aclText({ operation, resourceType, resourceName, prefixed }: AclLine): string {
  return `${operation} on ${resourceType} ${resourceName}${prefixed ? '*' : ''}`
}

/** The task that would let a client do what it was denied: all denied requests of a principal together tell which one. */
export function grantFor(rule: AclLine, denied: readonly AclLine[]): GrantDraft {
  const own = denied.filter(({ principal }) => principal === rule.principal)
  const named = (type: AclLine['resourceType']) =>
    (rule.resourceType === type ? rule : own.find(({ resourceType }) => resourceType === type))?.resourceName ?? ''
  const does = (operation: AclLine['operation']) =>
    rule.operation === operation || own.some((line) => line.operation === operation && line.resourceType === 'TOPIC')
  const task: Task =
    named('TRANSACTIONAL_ID') !== '' ? 'transact' : named('GROUP') !== '' || does('READ') ? 'consume' : 'produce'
  return {
    ...emptyGrant,
    task,
    principal: rule.principal,
    topic: named('TOPIC'),
    group: named('GROUP'),
    transactionalId: named('TRANSACTIONAL_ID'),
    canCreate: own.some(({ operation }) => operation === 'CREATE'),
  }
}

/** A request that a task can allow; others need a single ACL. */
export function hasTask({ resourceType, operation }: AclLine): boolean {
  const types: readonly AclLine['resourceType'][] = ['TOPIC', 'GROUP', 'TRANSACTIONAL_ID']
  const operations: readonly AclLine['operation'][] = ['READ', 'WRITE', 'DESCRIBE', 'CREATE']
  return types.includes(resourceType) && operations.includes(operation)
}

/** What the address asks to allow: a task, or a single ACL. */
export interface AclQuery {
  readonly grant: GrantDraft | null
  readonly acl: AclLine | null
}

export function readQuery(query: string): AclQuery {
  const given = new URLSearchParams(query)
  const parsed = <T extends object>(name: string, base: T): T | null => {
    try {
      const text = given.get(name)
      const value: unknown = text === null ? null : JSON.parse(text)
      return typeof value === 'object' && value !== null ? { ...base, ...(value as Partial<T>) } : null
    } catch {
      // A link that was edited by hand: the form starts empty.
      return null
    }
  }
  return { grant: parsed('grant', emptyGrant), acl: parsed('acl', first) }
}

export const emptyAcl = first

export function grantQuery(grant: GrantDraft): string {
  return new URLSearchParams({ grant: JSON.stringify(grant) }).toString()
}

export function aclQuery(acl: AclLine): string {
  return new URLSearchParams({ acl: JSON.stringify(acl) }).toString()
}

/** Operations that include another one (AclOperation in Kafka's documentation). */
const implied: Partial<Record<AclLine['operation'], readonly AclLine['operation'][]>> = {
  DESCRIBE: ['READ', 'WRITE', 'DELETE', 'ALTER'],
  DESCRIBE_CONFIGS: ['ALTER_CONFIGS'],
}

/** Whether the present ACLs allow what a client at the address `host` needs. A DENY wins, as in Kafka's StandardAuthorizer. */
export function isAllowedBy(acls: readonly AclLine[], rule: AclLine): boolean {
  const matches = (acl: AclLine) =>
    acl.resourceType === rule.resourceType &&
    (acl.principal === rule.principal || acl.principal === 'User:*') &&
    (acl.prefixed
      ? rule.resourceName.startsWith(acl.resourceName)
      : acl.resourceName === rule.resourceName || acl.resourceName === '*') &&
    coversHost(acl.host, rule.host)
  const own = acls.filter(matches)
  if (own.some(({ allow, operation }) => !allow && (operation === rule.operation || operation === 'ALL'))) return false
  const enough = ['ALL', rule.operation, ...(implied[rule.operation] ?? [])]
  return own.some(({ allow, operation }) => allow && enough.includes(operation))
}

/** The one name of a resource type that has only one. */
export const onlyName: Partial<Record<AclLine['resourceType'], string>> = { CLUSTER: clusterResourceName }

export { isPrincipal }
