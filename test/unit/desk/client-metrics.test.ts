import { parse } from 'protobufjs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zeroUuid } from '../../../src-main/base/uuid'
import { clientMetrics, readMetrics } from '../../../src-main/desk/clients/client-metrics'
import { compress } from '../../../src-main/records/compression'
import { TestBroker } from '../../support/core'
import { sourceOf } from '../../support/desk'

/** The same messages as OpenTelemetry has them, with the fields that Kafka's clients write besides. */
const { root } = parse(`
  syntax = "proto3";
  message MetricsData { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message Metric { string name = 1; string description = 2; string unit = 3; Gauge gauge = 5; Sum sum = 7; }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
  message NumberDataPoint {
    fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    oneof value { double as_double = 4; sfixed64 as_int = 6; }
    repeated KeyValue attributes = 7;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`)
const type = root.lookupType('MetricsData')
const pushed = Buffer.from(
  type
    .encode(
      type.fromObject({
        resourceMetrics: [
          {
            resource: { attributes: [{ key: 'client_rack', value: { stringValue: 'r' } }] },
            scopeMetrics: [
              {
                metrics: [
                  {
                    name: 'org.apache.kafka.producer.record.queue.time.avg',
                    unit: 'ms',
                    gauge: { dataPoints: [{ timeUnixNano: 1, asDouble: 1.5 }] },
                  },
                  {
                    name: 'org.apache.kafka.producer.connection.creation.total',
                    sum: {
                      isMonotonic: true,
                      dataPoints: [
                        { asInt: '9007199254740993', attributes: [{ key: 'node', value: { intValue: 1 } }] },
                      ],
                    },
                  },
                ],
              },
            ],
          },
        ],
      }),
    )
    .finish(),
)

const lines = [
  {
    name: 'org.apache.kafka.producer.connection.creation.total',
    unit: '',
    labels: 'node=1',
    value: '9007199254740993',
  },
  { name: 'org.apache.kafka.producer.record.queue.time.avg', unit: 'ms', labels: '', value: '1.5' },
]

describe('client metrics (KIP-714)', () => {
  let broker: TestBroker
  beforeEach(() => {
    broker = new TestBroker()
  })
  afterEach(() => broker.dispose())

  test('are read from OpenTelemetry, with exact numbers', () => {
    expect(readMetrics(pushed)).toEqual(lines)
    expect(() => readMetrics(Buffer.from('nonsense'))).toThrow()
  })

  test('are kept with the client as it pushed them last', async () => {
    const { core } = broker
    core.configs.set({ type: 'client-metrics', name: 'all' }, new Map([['metrics', '*']]))
    const client = broker.client()
    const { clientInstanceId, subscriptionId } = await client.ask('GetTelemetrySubscriptions', 0, {
      clientInstanceId: zeroUuid,
    })
    const push = (compressionType: number, metrics: Buffer) =>
      client.ask('PushTelemetry', 0, { clientInstanceId, subscriptionId, terminating: false, compressionType, metrics })
    expect(await push(4, compress('zstd', pushed))).toMatchObject({ errorCode: 0 })
    const [known] = [...core.clients.all()]
    const source = sourceOf(broker, (error) => expect.unreachable(String(error)))
    const clients = source.clients
    if (!clients) expect.unreachable()
    expect((await clientMetrics(clients, known!.connection.id)).metrics).toEqual(lines)
    expect(await push(9, pushed)).toMatchObject({ errorCode: 76 })
    await expect(clientMetrics(clients, 4711)).rejects.toThrow('has pushed no metrics')
  })
})
