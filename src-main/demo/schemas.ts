/** A schema in one of the registry's languages. */
export interface DemoSchema {
  readonly type: 'AVRO' | 'PROTOBUF'
  readonly text: string
}

/** The schema registry of the broker, as the demo uses it: it registers schemas, and writes values with them as a serializer does. */
export interface DemoRegistry {
  /** Those of the subjects that are there. */
  existing(subjects: readonly string[]): Promise<readonly string[]>
  register(subject: string, schema: DemoSchema): Promise<void>
  /** A value in the latest version of the subject. */
  encode(subject: string, value: object): Promise<Buffer>
  /** Deletes the subjects for good, and the registry's topic when the demo made it and nothing else is in it. */
  remove(subjects: readonly string[]): Promise<void>
}

export const shipments = 'demo-shipments'
export const tracking = 'demo-tracking'
export const shipmentSubject = `${shipments}-value`
export const trackingSubject = `${tracking}-value`
export const subjects: readonly string[] = [shipmentSubject, trackingSubject]

/** Digits after the point of a weight. */
export const weightScale = 3

const shipmentFields = [
  { name: 'shipment', type: 'long' },
  { name: 'order', type: 'long' },
  { name: 'customer', type: 'string' },
  { name: 'weight', type: { type: 'bytes', logicalType: 'decimal', precision: 8, scale: weightScale }, doc: 'in kg' },
  { name: 'shippedAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
]
const carrierField = { name: 'carrier', type: ['null', 'string'], default: null, doc: 'who brings it' }

const shipmentSchema = (fields: readonly object[]): DemoSchema => ({
  type: 'AVRO',
  text: JSON.stringify({
    type: 'record',
    name: 'Shipment',
    namespace: 'demo',
    doc: 'A parcel that has left the warehouse.',
    fields,
  }),
})

/** The second version adds a field with a default: readers of both versions can read what either wrote. */
export const shipmentVersions: readonly [DemoSchema, DemoSchema] = [
  shipmentSchema(shipmentFields),
  shipmentSchema([...shipmentFields, carrierField]),
]

const trackingText = [
  'syntax = "proto3";',
  'package demo;',
  '',
  '// Where a parcel was seen.',
  'message Tracking {',
  '  int64 shipment = 1;',
  '  Status status = 2;',
  '  string place = 3;',
  '',
  '  enum Status {',
  '    UNKNOWN = 0;',
  '    ANNOUNCED = 1;',
  '    LOADED = 2;',
  '    DELIVERED = 3;',
  '  }',
  '}',
  '',
]

export const trackingSchema: DemoSchema = { type: 'PROTOBUF', text: trackingText.join('\n') }
