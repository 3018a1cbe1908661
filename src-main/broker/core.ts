import type { Clock } from '../base/clock'
import type { Log } from '../base/log'
import type { Workspace } from '../storage'
import type { Clients } from './clients'
import type { Cluster } from './cluster'
import type { Commits } from './commits'
import type { Configs } from './config/configs'
import type { Features } from './features'
import type { FetchSessions } from './fetch/session-cache'
import type { GroupHost } from './groups/group-host'
import type { Topics } from './log/topics'
import type { Quotas } from './quotas/quotas'
import type { SchemaRegistry } from './registry/host'
import type { Authentication } from './security/authentication'
import type { Acls } from './security/authorizer'
import type { DenialLog } from './security/denials'
import type { Tokens } from './security/tokens'
import type { Users } from './security/users'
import type { DeadLetters } from './share/dead-letters'
import type { Shares } from './share/shares'
import type { Transactions } from './transactions/transactions'
import type { WriteFailures } from './write-failures'

/** What the handlers share: the broker without its sockets. */
export interface Core {
  readonly clock: Clock
  readonly log: Log
  readonly workspace: Workspace
  readonly commits: Commits
  readonly writeFailures: WriteFailures
  readonly configs: Configs
  readonly cluster: Cluster
  readonly features: Features
  readonly topics: Topics
  readonly clients: Clients
  readonly groups: GroupHost
  readonly transactions: Transactions
  readonly fetchSessions: FetchSessions
  readonly share: Shares
  readonly deadLetters: DeadLetters
  readonly authorizer: Acls
  readonly users: Users
  readonly tokens: Tokens
  readonly quotas: Quotas
  readonly authentication: Authentication
  readonly denials: DenialLog
  readonly schemas: SchemaRegistry
}
