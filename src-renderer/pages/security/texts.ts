import type { QuotaEntity, QuotaLimit } from '../../../src-main/contract/security'
import { bytes, counted, integer } from '../../format/numbers'
import { isByteRate } from './quota-draft'

const unitTexts = {
  producer_byte_rate: 'bytes/s',
  consumer_byte_rate: 'bytes/s',
  request_percentage: '% of a thread',
  controller_mutation_rate: 'partitions/s',
  connection_creation_rate: 'connections/s',
} as const

function amountText(limit: QuotaLimit, amount: number): string {
  const exact = `${amount.toLocaleString('en-US')} ${unitTexts[limit]}`
  return isByteRate(limit) && amount >= 1000 ? `${exact} (${bytes(amount)}/s)` : exact
}

const everyOther = {
  user: 'every other user (default)',
  clientId: 'every other client id (default)',
  ip: 'every other address (default)',
} as const

const mayText: Readonly<Record<QuotaLimit, (amount: number) => string>> = {
  producer_byte_rate: (amount) => `may write at most ${amountText('producer_byte_rate', amount)}`,
  consumer_byte_rate: (amount) => `may read at most ${amountText('consumer_byte_rate', amount)}`,
  request_percentage: (amount) => `may use at most ${amount.toLocaleString('en-US')} % of the time of a request thread`,
  controller_mutation_rate: (amount) =>
    `may create and delete at most ${amount.toLocaleString('en-US')} partitions per second`,
  connection_creation_rate: (amount) => `may open at most ${amount.toLocaleString('en-US')} connections per second`,
}

/** The subject of the sentence: the clients that a quota is for. The order in which Kafka looks for one is that of ClientQuotaManager. */
function whomText({ user, clientId, ip }: QuotaEntity): string {
  if (ip !== undefined) {
    return ip === null ? 'Default: each IP address without a quota of its own' : `The IP address ${ip}`
  }
  if (user === undefined) {
    return clientId === null
      ? 'Default: the clients of each client id together, unless it or their user has a quota,'
      : `All clients with the client id ${clientId} together, unless their user has a quota,`
  }
  if (clientId === undefined) {
    return user === null
      ? 'Default: each user without a quota of its own, with all its clients together,'
      : `User ${user}, with all its clients together,`
  }
  if (user === null && clientId === null) {
    return 'Default: each client id of each user, unless a more specific quota applies,'
  }
  if (user === null) return `Default for all users: the client id ${clientId} of each user without a quota of its own`
  return clientId === null
    ? `Default for user ${user}: each of its client ids without a quota of its own`
    : `User ${user} with the client id ${clientId}`
}

export const texts = {
  title: 'Security',
  views: 'Views of security',
  tabs: {
    listeners: 'Listeners',
    users: 'Users',
    acls: 'ACLs',
    quotas: 'Quotas',
    tokens: 'Tokens',
    certificates: 'Certificates',
    refused: 'Denied requests',
  },
  failed: (why: string) => `The security settings cannot be read: ${why}`,
  listeners: {
    title: 'Listeners',
    protocol: 'Protocol',
    name: 'Name',
    port: 'Port on localhost',
    add: 'Add listener',
    note: 'On localhost. It opens after a restart of the broker.',
    added: (name: string) => `${name} is saved. It opens after a restart of the broker.`,
    kept: (name: string) => `${name} stays open.`,
    removed: (name: string) => `${name} closes after a restart of the broker.`,
    columns: { name: 'Listener', requires: 'Requires', address: 'Address', state: 'State', remove: 'Remove' },
    requires: {
      PLAINTEXT: 'nothing, not encrypted',
      SSL: 'TLS',
      SASL_PLAINTEXT: 'a user, not encrypted',
      SASL_SSL: 'TLS and a user',
    } as const,
    certificate: (kind: string) => `, certificate ${kind}`,
    states: { stays: 'open', opens: 'opens after restart', closes: 'closes after restart' } as const,
    failed: 'not open',
    keep: 'Keep',
    remove: 'Remove',
    empty: 'No listener is open: no client can connect. Add one above.',
    pane: {
      label: (name: string) => `Listener ${name}`,
      protocol: 'Protocol',
      address: 'Address',
      advertised: 'Advertised',
      dialled: 'the address that the client used',
      mechanisms: 'Mechanisms',
      clientCertificate: 'Client certificate',
      usersBefore: 'Users and passwords are under ',
      users: 'Users',
      filesBefore: 'The trust store and the CA certificate are under ',
      keystoreBefore: (issuer: string) =>
        `This listener has a keystore. Clients must trust the issuer of its certificate, ${issuer}. The certificate is shown under `,
      certificates: 'Certificates',
    },
  },
  users: {
    title: 'Users',
    user: 'User',
    password: 'Password',
    mechanism: 'Mechanism',
    add: 'Add user',
    change: 'Change password',
    added: (user: string, mechanism: string) => `${user} can authenticate with ${mechanism}.`,
    changed: (user: string, mechanism: string) => `${user} has a new password for ${mechanism}.`,
    columns: { user: 'User', scram: 'SCRAM', plain: 'PLAIN', remove: 'Remove' },
    plainIn: (listeners: readonly string[]) => `in the configuration of ${listeners.join(', ')}`,
    empty: 'There are no users. Listeners with SASL need one.',
    removeTitle: (user: string) => `Remove ${user}?`,
    removeText: (mechanisms: readonly string[]) =>
      `Its ${mechanisms.length > 1 ? 'passwords' : 'password'} for ${mechanisms.join(' and ')} cannot be restored. Open connections stay open until they re-authenticate.`,
    removeAction: 'Remove user',
    removed: (user: string) => `Removed ${user}.`,
  },
  authorizer: {
    title: 'Authorizer',
    on: 'ACLs are enforced',
    off: 'ACLs are not enforced',
    offText: 'Every client may do everything.',
    closed: 'Requests that no ACL allows are denied.',
    open: 'Resources without ACLs are open to everyone.',
    superUsers: (users: readonly string[]) => ` Super users without limits: ${users.join(', ')}.`,
    change: 'Change…',
    enforce: 'Enforce ACLs…',
    changeTitle: 'Authorizer',
    enforceTitle: 'Enforce ACLs?',
    enforceText: (acls: number) =>
      `Takes effect immediately, also for open connections. Clients may then do only what ${
        acls === 0 ? 'super users may: there are no ACLs yet' : `the ${counted(acls, 'ACL')} allow`
      }.`,
    enforceAction: 'Enforce ACLs',
    stopAction: 'Stop enforcing',
    superUsersLabel: 'Super users, separated by ;',
    othersLabel: 'Resources without any ACL',
    othersDenied: 'are denied to everyone',
    othersOpen: 'are open to everyone',
    enforced: 'ACLs are enforced.',
    stopped: 'ACLs are not enforced.',
    lockedOut: 'Connected clients that could not do what they do now:',
    lockedOutLine: (principal: string, clients: number, denied: readonly string[], more: number) =>
      `${principal} (${counted(clients, 'client')}): ${
        denied.length === 0 ? 'no ACL allows it anything' : denied.join(', ')
      }${more > 0 ? ` and ${integer(more)} more` : ''}`,
    nobodyLockedOut: 'All connected clients may go on: they are super users, or ACLs allow what they do.',
  },
  acls: {
    title: 'ACLs',
    grant: 'Grant access',
    single: 'Single ACL',
    mode: 'Kind of form',
    task: 'Task',
    tasks: { consume: 'consume', produce: 'produce', transact: 'produce in transactions' } as const,
    principal: 'Principal',
    principalForm: 'A principal is TYPE:NAME, such as User:alice.',
    may: 'may',
    topic: 'Topic',
    topicPattern: 'Topic pattern',
    group: 'As group',
    transactionalId: 'Transactional id',
    canCreate: 'may create the topic',
    preview: 'Adds:',
    grantAction: (acls: number) => `Add ${counted(acls, 'ACL')}`,
    granted: (principal: string, acls: readonly string[]) =>
      `Added ${counted(acls.length, 'ACL')} for ${principal}: ${acls.join(', ')}.`,
    permission: 'Permission',
    allow: 'Allow',
    deny: 'Deny',
    operation: 'Operation',
    resource: 'Resource',
    name: 'Name',
    pattern: 'Pattern',
    literal: 'literal',
    prefixed: 'prefixed',
    host: 'From host',
    hostForm: 'An address, a range of addresses such as 10.0.0.0/8, or * for all',
    add: 'Add ACL',
    added: 'The ACL is added.',
    removed: (principal: string, acl: string, allow: boolean, host: string) =>
      `The ACL of ${principal} is removed: ${allow ? '' : 'deny '}${acl}${host === '*' ? '' : ` from ${host}`}.`,
    removeTitle: (principal: string) => `Remove an ACL of ${principal}?`,
    removeText: (acl: string, allow: boolean) =>
      allow
        ? `Allow ${acl}. Clients that need it are denied from then on.`
        : `Deny ${acl}. From then on the other ACLs decide.`,
    columns: {
      principal: 'Principal',
      permission: 'Permission',
      operation: 'Operation',
      resource: 'Resource',
      name: 'Name',
      host: 'From host',
      remove: 'Remove',
    },
    prefixedName: (name: string) => `${name}* (prefixed)`,
    anyHost: 'any',
    none: 'There are no ACLs.',
    empty: 'There are no ACLs. Choose a task above: it adds all ACLs that a client needs.',
  },
  quotas: {
    title: 'Quotas',
    entity: 'Applies to',
    entities: { user: 'User', clientId: 'Client id', both: 'User and client id', ip: 'IP address' } as const,
    user: 'User',
    clientId: 'Client id',
    ip: 'IP address',
    limit: 'Limit',
    value: (unit: string) => `Value, ${unit}`,
    set: 'Set quota',
    setDefault: 'Set default quota',
    form: {
      which: { user: 'Which users', clientId: 'Which client ids', ip: 'Which addresses' } as const,
      one: { user: 'one user', clientId: 'one client id', ip: 'one address' } as const,
      everyOther,
      missing: {
        user: `Enter a user. To limit all others, choose “${everyOther.user}”.`,
        clientId: `Enter a client id. To limit all others, choose “${everyOther.clientId}”.`,
        ip: `Enter an IP address. To limit all others, choose “${everyOther.ip}”.`,
      } as const,
      noAmount: (limit: QuotaLimit) =>
        isByteRate(limit)
          ? 'Enter a value of whole bytes above 0, such as 1000000, 1 MB or 512 KiB.'
          : 'Enter a number above 0.',
      /** The limit that will be set, and the clients that it is for. */
      sentence: (entity: QuotaEntity, limit: QuotaLimit, amount: number, now: number | null) =>
        [
          `${whomText(entity)} ${mayText[limit](amount)}.`,
          ...(entity.user === null ? ['Clients that do not authenticate are one user, ANONYMOUS.'] : []),
          ...(now === null
            ? []
            : [now === amount ? 'This quota is set already.' : `This replaces ${amountText(limit, now)}.`]),
        ].join(' '),
    },
    isSet: 'The quota is set.',
    removed: (name: string) => `The quota of ${name} is removed.`,
    removeTitle: (name: string) => `Remove the quota of ${name}?`,
    removeText: (limits: string) => `${limits}. Another quota that matches, or none, applies from then on.`,
    /** As Kafka writes it (ClientQuotaManager). */
    default: '<default>',
    limits: 'Limits',
    empty: 'There are no quotas: clients are not throttled.',
    units: unitTexts,
  },
  tokens: {
    title: 'Delegation tokens',
    columns: {
      token: 'Token',
      owner: 'Owner',
      requester: 'Requested by',
      renewers: 'Renewed by',
      issued: 'Issued',
      expires: 'Expires',
      max: 'Maximum lifetime',
      expire: 'Expire',
    },
    owner: 'its owner',
    empty: 'There are no delegation tokens. Clients and kafka-delegation-tokens.sh create them.',
    disabled: 'Delegation tokens are off. They need a secret: start with --config delegation.token.secret.key=SECRET.',
    expire: 'Expire',
    expireTitle: (owner: string) => `Expire the token of ${owner}?`,
    expireText: 'No client can authenticate with it any more, and it cannot be restored. Open connections stay open.',
    expireAction: 'Expire token',
    expired: 'The token is expired.',
  },
  certificates: {
    authority: 'The certificate authority of this workspace',
    authorityText:
      'It signs the certificate of listeners with TLS that have no keystore, and those of clients below. Clients must trust it: as a PEM file, or as a Java trust store with the password changeit.',
    saveAuthority: 'Save ottla-ca.pem and ottla-truststore.jks',
    presented: 'Certificates of the listeners',
    presentedNone: 'No listener with TLS is open. Add one under Listeners: its certificate is created when it opens.',
    listeners: (names: readonly string[]) => (names.length === 1 ? 'Listener' : 'Listeners'),
    from: 'Comes from',
    fromWorkspace: 'this workspace: it is renewed before it expires, and when the names of listeners change',
    fromConfig: (config: string) => `the value of ${config}`,
    fromFile: (location: string, config: string) => `${location}, set with ${config}`,
    subject: 'Subject',
    issuer: 'Issuer',
    issuerToTrust: '– clients must trust it, not the authority of this workspace',
    names: 'Valid for',
    noNames: 'no host name: clients must not check it',
    startsAt: 'Valid from',
    endsAt: 'Expires',
    expired: (when: string) => `${when}: it has expired, and clients refuse it`,
    fingerprint: 'SHA-256',
    clients: 'Accepts',
    clientsOf: (store: string) =>
      `client certificates of the authorities in ${store}; not those that are created below`,
    clientsOfWorkspace: 'client certificates of the authority of this workspace, such as those that are created below',
    notUsed: (why: string) =>
      `The keystore changed, and the new content is not used: ${why.replace(/\.$/, '')}. Correct it, or restart the broker to use a certificate for other names.`,
    client: 'A certificate for a client',
    clientText:
      'For listeners that require one (ssl.client.auth). It is created now and not stored; its name becomes the principal, by ssl.principal.mapping.rules.',
    clientName: 'Name of the client',
    saveClient: 'Save as PEM and PKCS12',
    saved: 'The files are saved.',
    java: 'A Java client',
    librdkafka: 'A librdkafka client',
  },
  denied: {
    title: 'Denied requests',
    columns: {
      at: 'Last',
      times: 'Times',
      client: 'Client',
      from: 'From',
      request: 'Request',
      reason: 'Reason',
      response: 'Response',
      allow: 'Allow',
    },
    timesSince: (times: number, since: string) => `${integer(times)} times since ${since}`,
    unknown: 'unknown',
    listener: (name: string) => `to ${name}`,
    closed: 'connection closed',
    allow: 'Allow…',
    allowed: 'allowed now',
    empty: 'No request was denied.',
  },
  remove: 'Remove',
} as const
