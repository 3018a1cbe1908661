import { createHash } from 'node:crypto'
import { javaAddress } from '../../base/java-address'
import { type Uuid, zeroUuid } from '../../base/uuid'
import { errorCode } from '../../protocol/errors'
import { type MatchKey, matchesOf } from '../config/client-metrics'
import { type Answer, type Call, handler } from '../handler'
import { randomUuid } from '../random'

/** gzip, lz4, snappy, zstd, none: CompressionType ids in the order of Kafka's ClientMetricsManager. */
const acceptedCompressionTypes = [4, 3, 1, 2]
const defaultPushIntervalMs = 300_000

interface Subscribed {
  readonly id: number
  readonly pushIntervalMs: number
  readonly metrics: readonly string[]
}

/** What all subscriptions (configs of client-metrics) that fit a client ask of it together. */
function subscribed({ core, client, clientId }: Call, instanceId: Uuid): Subscribed {
  const { connection } = client
  const facts: Readonly<Record<MatchKey, string>> = {
    client_id: clientId ?? '',
    client_instance_id: instanceId,
    client_software_name: client.softwareName,
    client_software_version: client.softwareVersion,
    client_source_address: javaAddress(connection.remoteAddress),
    client_source_port: String(connection.remotePort),
  }
  const fitting = core.configs.named('client-metrics').flatMap((name) => {
    const values = core.configs.overrides({ type: 'client-metrics', name })
    const fits = [...matchesOf(values.get('match') ?? '')].every(([key, pattern]) => pattern.test(facts[key]))
    return fits ? [values] : []
  })
  const names = fitting.flatMap((values) => (values.get('metrics') ?? '').split(',').filter((name) => name !== ''))
  // All of them are asked for with an empty prefix.
  const metrics = names.includes('*') ? [''] : [...new Set(names)].sort()
  const pushIntervalMs = Math.min(
    ...fitting.map((values) => Number(values.get('interval.ms') ?? defaultPushIntervalMs)),
    fitting.length > 0 ? Number.POSITIVE_INFINITY : defaultPushIntervalMs,
  )
  return { id: metrics.length === 0 ? 0 : idOf(`${metrics.join()} ${pushIntervalMs}`), pushIntervalMs, metrics }
}

/** Signed, and never 0, which means that nobody subscribes. */
function idOf(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE() || 1
}

/** GetTelemetrySubscriptions 0 (KIP-714, ClientMetricsManager). */
export const getTelemetrySubscriptions = handler({
  api: 'GetTelemetrySubscriptions',
  versions: [0, 0],
  handle(request, call): Answer<'GetTelemetrySubscriptions'> {
    const clientInstanceId = request.clientInstanceId === zeroUuid ? randomUuid() : request.clientInstanceId
    const { id, pushIntervalMs, metrics } = subscribed(call, clientInstanceId)
    return {
      errorCode: 0,
      clientInstanceId,
      subscriptionId: id,
      acceptedCompressionTypes,
      pushIntervalMs,
      telemetryMaxBytes: call.core.configs.brokerNumber('telemetry.max.bytes'),
      deltaTemporality: true,
      requestedMetrics: [...metrics],
    }
  },
})

/** By CompressionType id. */
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** PushTelemetry 0: what came last is kept with the client, as it came, for whoever looks at it. */
export const pushTelemetry = handler({
  api: 'PushTelemetry',
  versions: [0, 0],
  handle({ clientInstanceId, subscriptionId, compressionType, metrics }, call): Answer<'PushTelemetry'> {
    if (clientInstanceId === zeroUuid) return { errorCode: errorCode('INVALID_REQUEST') }
    if (subscriptionId !== subscribed(call, clientInstanceId).id) {
      return { errorCode: errorCode('UNKNOWN_SUBSCRIPTION_ID') }
    }
    if (metrics.byteLength > call.core.configs.brokerNumber('telemetry.max.bytes')) {
      return { errorCode: errorCode('TELEMETRY_TOO_LARGE') }
    }
    const codec = codecs[compressionType]
    if (codec === undefined) return { errorCode: errorCode('UNSUPPORTED_COMPRESSION_TYPE') }
    // The frame is only borrowed.
    call.client.pushed({ at: call.at, codec, payload: Buffer.from(metrics) })
    return { errorCode: 0 }
  },
})
