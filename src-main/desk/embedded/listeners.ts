import { Emitter } from '../../base/emitter'
import { usesSasl } from '../../base/security-protocol'
import { workspaceSettings } from '../../broker/config/configs'
import type { Core } from '../../broker/core'
import type { SecuredListener, SecurityFile, SecurityView } from '../../contract/security'
import { parseListener, protocolOf } from '../../options/listener'
import { formatListener, readSetting, type StoredTexts, writeSetting } from '../../options/workspace-settings'
import type { ListenerSource } from '../source/security'
import { authorizerView, deniedLine, setAuthorizer } from './authorizer'
import type { StartFacts } from './start'
import { stored } from './stored'

/** Listeners, authorizer, certificates and denied requests of the broker in this process. */
export function embeddedListeners(core: Core, start: StartFacts, onError: (error: unknown) => void): ListenerSource {
  const changes = new Emitter<void>(onError)
  core.denials.changed(() => changes.emit())
  return {
    changed: changes.listen,
    authorizer: async () => authorizerView(core),
    setAuthorizer: (change) => stored(core, () => setAuthorizer(core, change)),
    listeners: async () => listenerLines(core, start),
    stored: async () => storedView(core, start),
    storedTexts: async () => storedTexts(core),
    store: ({ listeners, plaintext }) =>
      stored(core, () => {
        const changes = new Map<string, string | null>()
        const change = ([name, text]: readonly [string, string], isDefault: boolean) =>
          changes.set(name, isDefault ? null : text)
        const kept = listeners?.flatMap((text) => parseListener(text) ?? [])
        if (kept) change(writeSetting('ottla.listeners', kept), kept.length === 0)
        if (plaintext !== undefined) change(writeSetting('ottla.plaintext', plaintext), plaintext)
        core.configs.set(workspaceSettings, changes)
      }),
    certificates: async () => start.certificates?.() ?? [],
    files: (client) => securityFiles(core, client),
    denied: async () => core.denials.all().map(deniedLine),
  }
}

/** What is open, with what it asks of clients. */
export function listenerLines({ authentication }: Core, start: StartFacts): SecuredListener[] {
  const asking = new Map((start.certificates?.() ?? []).map(({ listener, clientAuth }) => [listener, clientAuth]))
  return start.listeners.map((line, i) => {
    const securityProtocol = protocolOf(line.securityProtocol) ?? 'PLAINTEXT'
    return {
      ...line,
      securityProtocol,
      mechanisms: usesSasl(securityProtocol) ? authentication.mechanisms(line.name) : [],
      clientAuth: asking.get(line.name) ?? 'none',
      // The first is the one of the port; that of containers has a setting of its own.
      isStored: i > 0 && line.name !== 'CONTAINERS' && !start.decided.includes('ottla.listeners'),
    }
  })
}

/** What the workspace opens the next time. */
function storedView(core: Core, { decided }: StartFacts): SecurityView['stored'] {
  const isFixed = decided.includes('ottla.listeners') || decided.includes('ottla.plaintext')
  return {
    listeners: [...readSetting(storedIn(core), 'ottla.listeners')],
    plaintext: readSetting(storedIn(core), 'ottla.plaintext'),
    fixed: isFixed ? 'Listeners were given when the broker was started, so these settings have no effect.' : null,
  }
}

function storedTexts(core: Core): string[] {
  return readSetting(storedIn(core), 'ottla.listeners').map(formatListener)
}

function storedIn({ configs }: Core): StoredTexts {
  return (name) => configs.overrides(workspaceSettings).get(name)
}

/** The authority for those that must trust it; with a name also a certificate for a client. */
async function securityFiles(core: Core, client: string | null): Promise<SecurityFile[]> {
  const { workspace, clock } = core
  // Loaded when it is needed: most workspaces need no certificate.
  const certificates = await import('../../broker/security/certificates')
  const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64')
  return await stored(core, async () => {
    if (client === null) {
      const authority = await certificates.authorityPem(workspace, clock.now())
      const jks = await certificates.authorityTrustStore(workspace, clock.now())
      return [
        { name: 'ottla-ca.pem', base64: base64(authority) },
        { name: 'ottla-truststore.jks', base64: base64(jks) },
      ]
    }
    const { cert, key, pkcs12 } = await certificates.clientCertificate(workspace, client, clock.now())
    return [
      { name: `${client}.pem`, base64: base64(`${cert}${key}`) },
      { name: `${client}.p12`, base64: base64(pkcs12) },
    ]
  })
}
