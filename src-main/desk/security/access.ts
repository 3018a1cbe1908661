import { workspaceSettings } from '../../broker/config/configs'
import type { Core } from '../../broker/core'
import type { Refused } from '../../broker/security/refusals'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import { type AclLine, type AuthorizerView, operationsOf, type RefusedLine } from '../../contract/security'
import { type Acl, anyAcl } from '../../security/acl'

const authorizerClass = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'
const authorizerConfigs = ['authorizer.class.name', 'super.users', 'allow.everyone.if.no.acl.found'] as const

/** All rules. */
export function aclLines({ authorizer }: Core): AclLine[] {
  return authorizer.find(anyAcl).map(lineOf)
}

function lineOf({ resourceType, resourceName, patternType, principal, host, operation, permission }: Acl): AclLine {
  return {
    resourceType,
    resourceName,
    prefixed: patternType === 'PREFIXED',
    principal,
    host,
    operation,
    allow: permission === 'ALLOW',
  }
}

/** @throws Error with a sentence */
export async function changeAcl(core: Core, line: AclLine, remove: boolean): Promise<void> {
  if (!/^\w+:.+/.test(line.principal)) throw new Error('A principal is written User:name.')
  if (line.resourceName === '') throw new Error('A rule holds for a name, a beginning of names, or * for all.')
  if (!remove && !operationsOf[line.resourceType].includes(line.operation)) {
    throw new Error(`${line.operation} is nothing that can be done with a ${line.resourceType}.`)
  }
  const acl: Acl = {
    resourceType: line.resourceType,
    resourceName: line.resourceName,
    patternType: line.prefixed ? 'PREFIXED' : 'LITERAL',
    principal: line.principal,
    host: line.host || '*',
    operation: line.operation,
    permission: line.allow ? 'ALLOW' : 'DENY',
  }
  if (remove) core.authorizer.remove(acl)
  else core.authorizer.add(acl)
  await core.commits.settled
}

export function authorizerView({ authorizer, configs }: Core): AuthorizerView {
  const fixed = authorizerConfigs.find((name) => configs.isFixed(name))
  return {
    on: authorizer.isActive,
    superUsers: authorizer.superUsers,
    everyoneWithoutRule: configs.brokerFlag('allow.everyone.if.no.acl.found'),
    fixed: fixed === undefined ? null : `${fixed} was given when the broker was started; that wins.`,
  }
}

/** Counts at once. @throws Error with a sentence */
export async function changeAuthorizer(
  core: Core,
  { on, superUsers, everyoneWithoutRule }: InputOf<Contract['security.authorizer']>,
): Promise<void> {
  const { fixed } = authorizerView(core)
  if (fixed) throw new Error(fixed)
  const odd = superUsers.find((user) => !/^\w+:[^;]+$/.test(user))
  if (odd !== undefined) throw new Error(`${odd} is no principal: it is written User:name.`)
  core.configs.set(
    workspaceSettings,
    new Map([
      ['authorizer.class.name', on ? authorizerClass : null],
      ['super.users', superUsers.length > 0 ? superUsers.join(';') : null],
      ['allow.everyone.if.no.acl.found', everyoneWithoutRule ? 'true' : null],
    ]),
  )
  await core.commits.settled
}

/** With the rule that would let it. */
export function refusedLine({ denied, ...refused }: Refused): RefusedLine {
  const isRuled = denied && refused.principal !== null
  return {
    ...refused,
    rule: isRuled
      ? {
          resourceType: denied.resourceType,
          resourceName: denied.resourceName,
          operation: denied.operation,
          prefixed: false,
          principal: refused.principal ?? '',
          host: '*',
          allow: true,
        }
      : null,
  }
}
