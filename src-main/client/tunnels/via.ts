import { SettingsError } from '../config/properties'

/** A way to brokers that cannot be reached from here. */
export type Via =
  /** `ssh -W`, with the user's own configuration, keys and known hosts. */
  | { readonly kind: 'ssh'; readonly destination: string; readonly port: number | null }
  /** `kubectl port-forward`. */
  | { readonly kind: 'k8s'; readonly context: string | null; readonly namespace: string | null }
  | {
      readonly kind: 'socks5'
      readonly host: string
      readonly port: number
      readonly user: string | null
      readonly password: string | null
    }

const schemes = /^(?:ssh|k8s|socks5):\/\//

export function isVia(text: string): boolean {
  return schemes.test(text)
}

/** Reads `ssh://[USER@]HOST[:PORT]`, `k8s://[CONTEXT][/NAMESPACE]` or `socks5://[USER:PASSWORD@]HOST[:PORT]`. @throws SettingsError */
export function readVia(text: string): Via {
  const wrong = new SettingsError(
    `ottla.addresses goes through "${withoutPassword(text)}"; that needs the form ssh://USER@HOST, k8s://CONTEXT/NAMESPACE or socks5://HOST:1080.`,
  )
  if (text.startsWith('k8s://')) {
    const [context = '', namespace = '', more] = text.slice('k8s://'.length).split('/')
    // kubectl would read a leading dash as a flag.
    if (more !== undefined || [context, namespace].some((name) => name.startsWith('-'))) throw wrong
    return { kind: 'k8s', context: decodeURIComponent(context) || null, namespace: namespace || null }
  }
  if (!URL.canParse(text)) throw wrong
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (host === '' || host.startsWith('-') || (url.pathname !== '' && url.pathname !== '/')) throw wrong
  const [user, password] = [decodeURIComponent(url.username) || null, decodeURIComponent(url.password) || null]
  if (url.protocol === 'socks5:') {
    return { kind: 'socks5', host, port: url.port === '' ? 1080 : Number(url.port), user, password }
  }
  // A password on the command line would be seen by everybody on this machine; ssh asks for none there.
  if (password !== null || user?.startsWith('-')) throw wrong
  return {
    kind: 'ssh',
    destination: user === null ? host : `${user}@${host}`,
    port: url.port === '' ? null : Number(url.port),
  }
}

/** As the user wrote it, without its password. */
export function viaName(via: Via): string {
  switch (via.kind) {
    case 'ssh':
      return `ssh://${via.destination}${via.port === null ? '' : `:${via.port}`}`
    case 'k8s':
      return `k8s://${via.context ?? ''}${via.namespace === null ? '' : `/${via.namespace}`}`
    case 'socks5':
      return `socks5://${via.host}:${via.port}`
  }
}

/** A way, or a rule with one, as a message may show it: without user and password, also when they cannot be read as such. */
export function withoutPassword(text: string): string {
  // A password with a comma was cut there: what follows is another rule, and the @ with it.
  return text.replace(/(:\/\/).*@/s, '$1').replace(/(socks5:\/\/[^:]*:)(?!\d+\/?$).*/is, '$1…')
}
