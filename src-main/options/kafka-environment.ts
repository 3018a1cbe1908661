import type { SecurityProtocol } from '../base/security-protocol'
import { type HostPort, isLoopback, parseHostPort, protocolOf } from './listener'

/** What the `KAFKA_*` variables of Kafka's container images ask for, as far as one local broker can honour it. */
export interface KafkaEnvironment {
  /** Broker configs under their Kafka names. */
  readonly config: Readonly<Record<string, string>>
  /** The listener that clients on this machine are meant to use. */
  readonly listener: {
    readonly name: string
    readonly securityProtocol: SecurityProtocol
    readonly port: number
    readonly advertise: HostPort | null
  } | null
  /** What of it was not done, and how to have it. */
  readonly notes: readonly string[]
}

/** Variables of the images and start scripts that are not broker configs. */
const notConfigs = /^(HEAP_OPTS|OPTS|JVM_PERFORMANCE_OPTS|GC_LOG_OPTS|JMX_.*|LOG4J_.*|DEBUG|HOME|VERSION|CLUSTER_ID)$/

/** Configs that describe a cluster of machines: one broker in one file has no use for them. */
const clusterConfigs =
  /^(node\.id|broker\.id|process\.roles|controller\..*|zookeeper\..*|inter\.broker\..*|security\.inter\.broker\.protocol|listener\.security\.protocol\.map|log\.dirs?|metadata\.log\..*|listeners|advertised\.listeners)$/

/** Reads variables as Kafka's images do: `_` is a dot, `__` an underscore, `___` a dash. */
export function readKafkaEnvironment(environment: NodeJS.ProcessEnv): KafkaEnvironment {
  const all: Record<string, string> = {}
  for (const [variable, value] of Object.entries(environment)) {
    const name = /^KAFKA_([A-Z0-9_]+)$/.exec(variable)?.[1]
    if (name === undefined || value === undefined || notConfigs.test(name)) continue
    all[configName(name)] = value
  }
  const config = Object.fromEntries(Object.entries(all).filter(([name]) => !clusterConfigs.test(name)))
  return { config, ...hostListener(all.listeners, all['advertised.listeners'], all['listener.security.protocol.map']) }
}

function configName(variable: string): string {
  const marks: Readonly<Record<string, string>> = { ___: '-', __: '_', _: '.' }
  return variable.toLowerCase().replace(/_{1,3}/g, (underscores) => marks[underscores]!)
}

interface NamedAddress extends HostPort {
  readonly name: string
}

/**
 * Compose files often name one listener for other containers and one for the host. Ours runs on the host, so the one
 * whose advertised address is this machine is taken; else the first that is not the controller's. It is bound on localhost: a variable
 * that is inherited from somewhere opens nothing to other machines.
 */
function hostListener(listeners = '', advertised = '', map = ''): Pick<KafkaEnvironment, 'listener' | 'notes'> {
  const told = addresses(advertised)
  const bound = addresses(listeners)
  const name = (told.find(({ host }) => isLoopback(host)) ?? told[0] ?? bound[0])?.name
  const listen = bound.find((address) => address.name === name)
  const tell = told.find((address) => address.name === name)
  const port = listen?.port ?? tell?.port
  if (name === undefined || port === undefined) return { listener: null, notes: [] }
  const securityProtocol = protocolFor(name, map)
  if (!securityProtocol) {
    const why = `KAFKA_LISTENERS is left out: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP says no protocol for ${name}`
    return { listener: null, notes: [why] }
  }
  const host = listen?.host ?? 'localhost'
  const notes = isLoopback(host)
    ? []
    : [`KAFKA_LISTENERS asks for ${host}: this broker stays on localhost; --host ${host} opens it to other machines`]
  const advertise = tell ? { host: tell.host, port: tell.port } : null
  return { listener: { name, securityProtocol, port, advertise }, notes }
}

/** By `listener.security.protocol.map`; of Kafka's own names each means its protocol. */
function protocolFor(name: string, map: string): SecurityProtocol | undefined {
  const entries = map.split(',').map((entry) => entry.trim().toUpperCase().split(':'))
  return protocolOf(entries.find(([key]) => key === name)?.[1] ?? name)
}

function addresses(text: string): NamedAddress[] {
  return text.split(',').flatMap((entry) => {
    const match = /^\s*([A-Za-z0-9_]+):\/\/(.*?)\s*$/.exec(entry)
    const name = match?.[1]?.toUpperCase()
    if (name === undefined || name === 'CONTROLLER') return []
    // `PLAINTEXT://:9092` means every address, as an empty host does in Kafka.
    const address = parseHostPort(match![2]!.replace(/^:/, '0.0.0.0:'))
    return address ? [{ name, ...address }] : []
  })
}
