import { zeroUuid } from '../../base/uuid'
import { errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'
import { randomUuid } from '../random'

/** gzip, lz4, snappy, zstd, none: CompressionType ids in the order of Kafka's ClientMetricsManager. */
const acceptedCompressionTypes = [4, 3, 1, 2]
const defaultPushIntervalMs = 300_000

/** GetTelemetrySubscriptions 0 (KIP-714): nobody subscribes, so clients keep their metrics and ask again later. */
export const getTelemetrySubscriptions = handler({
  api: 'GetTelemetrySubscriptions',
  versions: [0, 0],
  handle: (request, { core }): Answer<'GetTelemetrySubscriptions'> => ({
    errorCode: 0,
    clientInstanceId: request.clientInstanceId === zeroUuid ? randomUuid() : request.clientInstanceId,
    subscriptionId: 0,
    acceptedCompressionTypes,
    pushIntervalMs: defaultPushIntervalMs,
    telemetryMaxBytes: core.configs.brokerNumber('telemetry.max.bytes'),
    deltaTemporality: true,
    requestedMetrics: [],
  }),
})

/** PushTelemetry 0: without a subscription there is none that a push could belong to. */
export const pushTelemetry = handler({
  api: 'PushTelemetry',
  versions: [0, 0],
  handle: (request): Answer<'PushTelemetry'> => ({
    errorCode: errorCode(request.subscriptionId === 0 ? 'NONE' : 'UNKNOWN_SUBSCRIPTION_ID'),
  }),
})
