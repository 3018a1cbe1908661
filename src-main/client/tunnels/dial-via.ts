import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { SocksClient } from 'socks'
import { type Dial, dialTcp } from '../dial'
import { type HostPort, nameOf } from '../settings'
import { ChildStream, carry } from './child'
import { TunnelError } from './failure'
import { type Via, viaName } from './via'

/** Dials an address through a tunnel: one process, or one connection to a proxy, for each connection. */
export function dialVia(via: Via): Dial {
  switch (via.kind) {
    case 'socks5':
      return (target, signal) => throughSocks(via, target, signal)
    case 'ssh':
      return (target, signal) => throughSsh(via, target, signal)
    case 'k8s':
      return (target, signal) => throughKubectl(via, target, signal)
  }
}

async function throughSocks(
  via: Extract<Via, { kind: 'socks5' }>,
  { host, port }: HostPort,
  signal: AbortSignal,
): Promise<Duplex> {
  let proxy: Socket
  try {
    proxy = (await dialTcp({ host: via.host, port: via.port, nodeId: null }, signal)) as Socket
  } catch (error) {
    if (signal.aborted) throw error
    throw new TunnelError(`There is no SOCKS proxy at ${nameOf(via)}: ${textOf(error)}.`)
  }
  const end = () => proxy.destroy()
  signal.addEventListener('abort', end, { once: true })
  try {
    const identity = via.user === null ? {} : { userId: via.user, password: via.password ?? '' }
    const { socket } = await SocksClient.createConnection({
      proxy: { host: via.host, port: via.port, type: 5, ...identity },
      command: 'connect',
      destination: { host, port },
      existing_socket: proxy,
    })
    return socket
  } catch (error) {
    proxy.destroy()
    if (signal.aborted) throw error
    throw new TunnelError(`${viaName(via)} did not connect to ${nameOf({ host, port })}: ${textOf(error)}.`)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** `ssh -W`: the standard input and output of the program are the connection. */
async function throughSsh(
  { destination, port }: Extract<Via, { kind: 'ssh' }>,
  target: HostPort,
  signal: AbortSignal,
): Promise<Duplex> {
  const args = ['-W', nameOf(target), ...(port === null ? [] : ['-p', String(port)]), '--', destination]
  const carrier = carry('ssh', args)
  try {
    await once(carrier.child, 'spawn', { signal })
  } catch (error) {
    carrier.child.kill()
    throw carrier.failure() ?? error
  }
  return new ChildStream(carrier)
}

/** `kubectl port-forward` to the pod that the name means, and a connection to the port that it opens here. */
async function throughKubectl(
  { context, namespace }: Extract<Via, { kind: 'k8s' }>,
  { host, port, nodeId }: HostPort & { readonly nodeId: number | null },
  signal: AbortSignal,
): Promise<Duplex> {
  const found = podOf(host)
  const space = namespace ?? found.namespace
  const args = [
    ...(context === null ? [] : ['--context', context]),
    ...(space === null ? [] : ['--namespace', space]),
    ...['port-forward', '--address', '127.0.0.1', found.resource, `:${port}`],
  ]
  const carrier = carry('kubectl', args)
  const end = () => void carrier.child.kill()
  signal.addEventListener('abort', end, { once: true })
  try {
    const local = await forwardedPort(carrier)
    const stream = await dialTcp({ host: '127.0.0.1', port: local, nodeId }, signal)
    stream.once('close', end)
    // What kubectl said explains why the connection broke.
    carrier.onEnd((failure) => stream.destroy(failure))
    return stream
  } catch (error) {
    end()
    throw error
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** Reads `Forwarding from 127.0.0.1:41234 -> 9092`. @throws TunnelError when the program ends before */
function forwardedPort({ child, onEnd }: ReturnType<typeof carry>): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-2000)
      const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(text)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
    onEnd(reject)
  })
}

/**
 * The pod that the name of a broker means. `kafka-0.kafka-brokers.ns.svc.cluster.local` is a pod of a StatefulSet, `kafka.ns.svc` a
 * service; a name without `.svc` is that of a pod.
 */
export function podOf(host: string): { readonly resource: string; readonly namespace: string | null } {
  const labels = host.split('.')
  const first = labels[0] ?? ''
  const svc = labels.indexOf('svc')
  if (svc === 2) return { resource: `service/${first}`, namespace: labels[1] ?? null }
  return { resource: `pod/${first}`, namespace: svc > 2 ? (labels[svc - 1] ?? null) : null }
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}
