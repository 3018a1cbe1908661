import { authorizerConfigs } from '../../broker/config/broker-config-names'
import { workspaceSettings } from '../../broker/config/configs'
import type { Core } from '../../broker/core'
import type { DeniedEntry } from '../../broker/security/denials'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { AclLine, AuthorizerView, RefusedLine } from '../../contract/security'
import { type Acl, anyAcl } from '../../security/acl'

const authorizerClass = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'
const settings = ['authorizer.class.name', ...authorizerConfigs] as const

/** All ACLs. */
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

export function aclOf(line: AclLine): Acl {
  return {
    resourceType: line.resourceType,
    resourceName: line.resourceName,
    patternType: line.prefixed ? 'PREFIXED' : 'LITERAL',
    principal: line.principal,
    host: line.host || '*',
    operation: line.operation,
    permission: line.allow ? 'ALLOW' : 'DENY',
  }
}

export function authorizerView({ authorizer, configs }: Core): AuthorizerView {
  const fixed = settings.find((name) => configs.isFixed(name))
  return {
    on: authorizer.isActive,
    superUsers: authorizer.superUsers,
    everyoneWithoutRule: configs.brokerFlag('allow.everyone.if.no.acl.found'),
    fixed: fixed === undefined ? null : `${fixed} was given when the broker was started, so it cannot be changed here.`,
  }
}

/** Takes effect at once. @throws Error with a sentence */
export function setAuthorizer(
  core: Core,
  { on, superUsers, everyoneWithoutRule }: InputOf<Contract['security.authorizer']>,
): void {
  const { fixed } = authorizerView(core)
  if (fixed) throw new Error(fixed)
  core.configs.set(
    workspaceSettings,
    new Map([
      ['authorizer.class.name', on ? authorizerClass : null],
      ['super.users', superUsers.length > 0 ? superUsers.join(';') : null],
      ['allow.everyone.if.no.acl.found', everyoneWithoutRule ? 'true' : null],
    ]),
  )
}

/** A denied request with the ACL that would allow it. */
export function deniedLine({ denied, ...refused }: DeniedEntry): RefusedLine {
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
