import { isIP } from 'node:net'
import { UserError } from '../base/user-error'
import type { ClientParts } from './client'
import { KafkaClient } from './client'
import { Connection } from './connection'
import { dialTcp, openStream } from './dial'
import type { Node } from './metadata'
import { type Routed, routed, routedDial } from './routes'
import { type ClientSettings, type DialTarget, type HostPort, nameOf } from './settings'
import { viaName } from './tunnels/via'

type DoctorStep = 'resolve' | 'connect' | 'TLS' | 'ApiVersions' | 'SASL' | 'metadata' | 'node' | 'containers'

/** Outcome of one step. */
export interface Finding {
  readonly step: DoctorStep
  /** `kafka-1:9092`; the name of the cluster's part that was tried. */
  readonly at: string
  readonly passed: boolean
  /** A fact when it passed, else sentences: what failed, and why. */
  readonly text: string
  /** What would mend it; null when nothing needs mending, or the text says it. */
  readonly advice: string | null
  /** For `ottla.addresses`: a rule that would mend it. */
  readonly rule?: string
}

export interface DoctorParts extends ClientParts {
  /** The addresses of a name. @throws Error */
  readonly resolve: (host: string) => Promise<readonly string[]>
}

/**
 * Tries every step of a connection one after the other, as a client does them, and each address that the cluster advertises. A
 * bootstrap server that fails ends its own steps; the cluster is asked as soon as one of them answers. Nothing is written.
 */
export async function* examine(settings: ClientSettings, parts: DoctorParts): AsyncGenerator<Finding> {
  let reached: HostPort | undefined
  for (const server of settings.bootstrap) {
    let isFine = true
    for await (const finding of stepsOf({ ...server, nodeId: null }, settings, parts)) {
      isFine = finding.passed
      yield finding
    }
    if (isFine) reached ??= server
  }
  if (!reached) return
  const client = new KafkaClient({ ...settings, bootstrap: [reached] }, parts)
  try {
    let nodes: readonly Node[]
    try {
      nodes = await client.nodes()
    } catch (error) {
      yield failed('metadata', nameOf(reached), error)
      return
    }
    const text = `cluster ${client.metadata.clusterId ?? 'without an id'}, nodes: ${nodes.map(({ id }) => id).join(', ')}`
    yield { step: 'metadata', at: nameOf(reached), passed: true, text, advice: null }
    for (const node of nodes) yield await nodeFinding(node, nodes, reached, settings, parts)
  } finally {
    client.dispose()
  }
}

async function* stepsOf(target: DialTarget, settings: ClientSettings, parts: DoctorParts): AsyncGenerator<Finding> {
  const at = nameOf(target)
  const dialled = routed(target, settings.routes, settings.bootstrap)
  const dial = routedDial(parts.dial ?? dialTcp, settings.routes, settings.bootstrap)
  const timing = { dial, clock: parts.clock, timeoutMs: settings.connectTimeoutMs }
  const stream = async (tls: ClientSettings['tls']) => {
    const began = parts.clock.now()
    ;(await openStream(target, tls, timing)).destroy()
    return parts.clock.now() - began
  }
  const open = async (sasl: ClientSettings['sasl']) => {
    const connection = await Connection.open(target, { settings: { ...settings, sasl }, clock: parts.clock, dial })
    connection.dispose()
  }
  const attempts: readonly (readonly [DoctorStep, (() => Promise<string>) | null])[] = [
    ['resolve', dialled.via || isIP(dialled.host) ? null : async () => (await parts.resolve(dialled.host)).join(', ')],
    ['connect', async () => `${await stream(null)} ms${wayOf(dialled, target)}`],
    ['TLS', settings.tls && (async () => `${await stream(settings.tls)} ms`)],
    [
      'ApiVersions',
      async () => {
        await open(null)
        return 'the broker answers'
      },
    ],
    [
      'SASL',
      settings.sasl &&
        (async () => {
          await open(settings.sasl)
          return `authenticated with ${settings.sasl?.mechanism}`
        }),
    ],
  ]
  for (const [step, attempt] of attempts) {
    if (!attempt) continue
    try {
      yield { step, at, passed: true, text: await attempt(), advice: null }
    } catch (error) {
      yield step === 'resolve' ? unresolved(at, dialled.host, error) : failed(step, at, error)
      return
    }
  }
}

/** What is dialled instead of the address. */
function wayOf(dialled: Routed, target: HostPort): string {
  if (dialled.via) return `, through ${viaName(dialled.via)}`
  return nameOf(dialled) === nameOf(target) ? '' : `, through ${nameOf(dialled)}`
}

async function nodeFinding(
  node: Node,
  nodes: readonly Node[],
  reached: HostPort,
  settings: ClientSettings,
  parts: DoctorParts,
): Promise<Finding> {
  const at = `node ${node.id}, ${nameOf(node)}`
  const target = { host: node.host, port: node.port, nodeId: node.id }
  const advice = adviceFor(node, nodes, reached)
  let last: Finding | undefined
  for await (const finding of stepsOf(target, settings, parts)) last = finding
  if (last && !last.passed) return { ...last, step: 'node', at, ...advice }
  // A client elsewhere, e.g. in a container, would reach itself.
  if (isLocal(node.host) && !isLocal(reached.host)) {
    const text = `reached, but ${node.host} means the machine or the container of the client itself`
    return { step: 'node', at, passed: false, text, advice: advertise(reached) }
  }
  const text = isLocal(node.host)
    ? `reached; a client in a container would reach the container itself: ${advertise(null)}`
    : 'reached'
  return { step: 'node', at, passed: true, text, advice: null }
}

/** The rule that would mend an address. Only with one node is it certain that the bootstrap server is that node. */
function adviceFor(node: Node, nodes: readonly Node[], reached: HostPort): Pick<Finding, 'advice' | 'rule'> {
  if (nodes.length === 1) {
    const server = isLocal(node.host) ? ` ${advertise(reached)}` : ''
    return {
      advice: `The bootstrap server is this node: set ottla.addresses=*=bootstrap.${server}`,
      rule: '*=bootstrap',
    }
  }
  const [pod, , , isService] = node.host.split('.')
  if (isService !== undefined && /\.svc(\.|$)/.test(node.host)) {
    return {
      advice: `This is a name inside Kubernetes. Let kubectl forward a port to the pod of each broker (${pod} is one): set ottla.addresses=*.svc*=k8s://.`,
      rule: '*.svc*=k8s://',
    }
  }
  return {
    advice: `Make the name known here, go through a machine that knows it with ottla.addresses=*=ssh://HOST, or forward a port to the broker and set ottla.addresses=#${node.id}=localhost:PORT.`,
    rule: '*=ssh://HOST',
  }
}

function advertise(as: HostPort | null): string {
  return `set advertised.listeners of the broker (Ottla: --advertise ${as === null ? 'HOST:PORT' : nameOf(as)}).`
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function unresolved(at: string, host: string, error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  const text = `The name ${host} cannot be resolved${code}.`
  return { step: 'resolve', at, passed: false, text, advice: null }
}

/** @throws what is no failure of a connection */
function failed(step: DoctorStep, at: string, error: unknown): Finding {
  if (!(error instanceof UserError)) throw error
  return { step, at, passed: false, text: error.message, advice: null }
}
