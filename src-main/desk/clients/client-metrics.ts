import type { ClientMetrics, MetricLine } from '../../contract/workspace'
import { decompress } from '../../records/compression'
import { protobufReader } from '../decoders/protobuf'
import type { ClientSource } from '../source/clients'

/** As much of OpenTelemetry's metrics.proto as Kafka's clients fill (KIP-714). */
const schema = `
  syntax = "proto3";
  message MetricsData { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message Metric { string name = 1; string unit = 3; Points gauge = 5; Points sum = 7; }
  message Points { repeated Point data_points = 1; }
  message Point { oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated Label attributes = 7; }
  message Label { string key = 1; Value value = 2; }
  message Value { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`

interface Point {
  readonly as_double?: number
  readonly as_int?: bigint | number
  readonly attributes?: readonly { readonly key?: string; readonly value?: Readonly<Record<string, unknown>> }[]
}

interface Metric {
  readonly name?: string
  readonly unit?: string
  readonly gauge?: { readonly data_points?: readonly Point[] }
  readonly sum?: { readonly data_points?: readonly Point[] }
}

interface MetricsData {
  readonly resource_metrics?: readonly {
    readonly scope_metrics?: readonly { readonly metrics?: readonly Metric[] }[]
  }[]
}

/** What a client pushed last. @throws Error with a sentence */
export async function clientMetrics(clients: ClientSource, connectionId: number): Promise<ClientMetrics> {
  const pushed = await clients.telemetry(connectionId)
  if (!pushed) throw new Error('This client has pushed no metrics, or is gone.')
  const bytes = decompress(pushed.codec, Buffer.from(pushed.payload))
  return { at: pushed.at, metrics: readMetrics(bytes) }
}

/** @throws Error when they are no metrics of OpenTelemetry */
export function readMetrics(bytes: Uint8Array): MetricLine[] {
  const data = protobufReader(schema, 'MetricsData')(bytes) as MetricsData
  const all = (data.resource_metrics ?? []).flatMap(({ scope_metrics = [] }) =>
    scope_metrics.flatMap(({ metrics = [] }) => metrics),
  )
  return all
    .flatMap(({ name = '', unit = '', gauge, sum }) =>
      [...(gauge?.data_points ?? []), ...(sum?.data_points ?? [])].map((point) => ({
        name,
        unit,
        labels: labelsOf(point),
        value: String(point.as_int ?? point.as_double ?? 0),
      })),
    )
    .sort((a, b) => (`${a.name} ${a.labels}` < `${b.name} ${b.labels}` ? -1 : 1))
}

/** `partition=3 topic=orders` */
function labelsOf({ attributes = [] }: Point): string {
  return attributes.map(({ key = '', value = {} }) => `${key}=${String(Object.values(value)[0] ?? '')}`).join(' ')
}
