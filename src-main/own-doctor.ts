import { lookup } from 'node:dns/promises'
import { version } from '../package.json'
import type { Clock } from './base/clock'
import { UserError } from './base/user-error'
import { readBootstrap } from './client/config/client-config'
import { dialTcp, openStream } from './client/dial'
import { examine, type Finding } from './client/doctor'
import { readOnly } from './client/read-only'
import { defaultSettings } from './client/settings'
import type { ListenerLine } from './contract/workspace'

/** The addresses of a name. @throws Error when it has none */
export const resolve = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address)

const containerHost = 'host.docker.internal'

/** The steps of a connection to each listener of the broker in this process, and what containers would be told. */
export async function* ownFindings(listeners: readonly ListenerLine[], clock: Clock): AsyncGenerator<Finding> {
  for (const { name, securityProtocol, addresses, problem } of listeners) {
    if (problem !== null) {
      yield { step: 'connect', at: name, passed: false, text: problem, advice: 'Choose another port in Settings.' }
      continue
    }
    for (const address of addresses) {
      const [server] = readBootstrap(address)
      if (!server) continue
      if (securityProtocol === 'PLAINTEXT') {
        const forbids = readOnly('The doctor writes nothing.')
        const own = { ...defaultSettings, clientId: 'ottla-doctor', softwareVersion: version, forbids }
        yield* examine({ ...own, bootstrap: [server] }, { clock, resolve })
      } else yield await reached(`${name} ${address}`, server, securityProtocol, clock)
    }
  }
  yield forContainers(listeners)
}

/** Listeners that ask for a certificate or a user are tried as far as without one. */
async function reached(
  at: string,
  server: { readonly host: string; readonly port: number },
  securityProtocol: string,
  clock: Clock,
): Promise<Finding> {
  try {
    const timeoutMs = defaultSettings.connectTimeoutMs
    ;(await openStream({ ...server, nodeId: null }, null, { dial: dialTcp, clock, timeoutMs })).destroy()
    const text = `it takes connections; clients need security.protocol=${securityProtocol}, which is not tried here`
    return { step: 'connect', at, passed: true, text, advice: null }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { step: 'connect', at, passed: false, text: error.message, advice: null }
  }
}

function forContainers(listeners: readonly ListenerLine[]): Finding {
  const open = listeners.find(({ advertised }) => advertised?.startsWith(`${containerHost}:`))
  const at = open?.name ?? 'localhost'
  if (open?.advertised) {
    const text = `containers connect to ${open.advertised}, on Linux with --add-host=${containerHost}:host-gateway`
    return { step: 'containers', at, passed: true, text, advice: null }
  }
  return {
    step: 'containers',
    at,
    passed: true,
    text: 'a container that dials localhost dials itself, and never reaches this broker',
    advice: `Settings, "Let containers connect", adds a listener that tells them ${containerHost}:29092.`,
  }
}
