import { UserError } from '../../base/user-error'
import type { SecurityView } from '../../contract/security'
import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { ListenerSource, SecuritySource } from '../source/security'
import { addListener, removeListener, setPlaintext } from './listeners'
import { changeAcl, changeAuthorizer, changeQuota, changeUser, removeQuota } from './security'

type Subject = Pick<
  Handlers,
  'security' | 'security.user' | 'security.acl' | 'security.quota' | 'security.unquota' | 'security.token.expire'
>
type Listeners = Pick<
  Handlers,
  'security.authorizer' | 'security.listener.add' | 'security.listener.remove' | 'security.plaintext' | 'security.files'
>

/**
 * How a question about security travels: the feed `security` asks the source for users, ACLs, quotas and tokens, which Kafka's Admin API
 * can change on any cluster, and where there are such (`source.listeners`) for listeners, authorizer, certificates and denied requests of
 * the broker in this process. Writes are checked here for what a form can get wrong, and by the source for what only it knows.
 */
export function securityHandlers({ source, pulse, live }: Parts): Subject {
  const { security, listeners } = source
  return {
    security: (_, outlet) =>
      live(outlet, () => securityView(security, listeners), [
        pulse.beat,
        security.changed,
        ...(listeners ? [listeners.changed] : []),
      ]),
    'security.user': (input) => changeUser(security, input),
    'security.acl': ({ acl, remove }) => changeAcl(security, acl, remove),
    'security.quota': (input) => changeQuota(security, input),
    'security.unquota': ({ entity }) => removeQuota(security, entity),
    'security.token.expire': ({ tokenId }) => security.expireToken(tokenId),
  }
}

export function listenerHandlers(listeners: ListenerSource): Listeners {
  return {
    'security.authorizer': (input) => changeAuthorizer(listeners, input),
    'security.listener.add': (input) => addListener(listeners, input),
    'security.listener.remove': ({ name }) => removeListener(listeners, name),
    'security.plaintext': ({ on }) => setPlaintext(listeners, on),
    'security.files': ({ client }) => listeners.files(client),
  }
}

const elsewhere = 'This is decided where the cluster is configured.'

async function securityView(security: SecuritySource, own: ListenerSource | undefined): Promise<SecurityView> {
  const [users, acls, quotas, tokens, authorizer, listeners, stored, certificates, refused] = await Promise.all([
    told(security.users(), []),
    told(security.acls(), []),
    told(security.quotas(), []),
    told(security.tokens(), { enabled: true, tokens: [] }),
    own?.authorizer() ?? null,
    own?.listeners() ?? [],
    own?.stored() ?? { listeners: [], plaintext: true, fixed: elsewhere },
    own?.certificates() ?? [],
    own?.denied() ?? [],
  ])
  return {
    problems: { users: users.problem, acls: acls.problem, quotas: quotas.problem, tokens: tokens.problem },
    users: users.value,
    acls: acls.value,
    authorizer,
    quotas: quotas.value,
    tokens: tokens.value.tokens,
    tokensEnabled: tokens.value.enabled,
    listeners,
    stored,
    certificates,
    refused,
  }
}

/** A cluster may permit one part and refuse another: what it refuses is told by its sentence, and the rest is shown. */
async function told<T>(answer: Promise<T>, empty: T): Promise<{ readonly value: T; readonly problem: string | null }> {
  try {
    return { value: await answer, problem: null }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { value: empty, problem: error.message }
  }
}
