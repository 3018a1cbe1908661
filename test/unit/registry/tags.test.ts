import { expect, test } from 'vitest'
import { parseJsonSchema } from '../../../src-main/registry/json-schema/json-schema'
import { parseProtobufSchema } from '../../../src-main/registry/protobuf/protobuf'
import { inlineTags } from '../../../src-main/registry/tags'

const options = { isNew: true, normalize: false }

// The example of Confluent's JsonSchemaTest.
test('[R25] tags of JSON Schema have paths through objects, arrays and branches', () => {
  const tagged = (more: object, ...tags: string[]) => ({ ...more, 'confluent:tags': tags })
  const record = (field: string) =>
    tagged({ type: 'object', properties: { [field]: tagged({ type: 'string' }, 'PII') } }, 'record')
  const schema = {
    type: 'object',
    properties: {
      myfield1: { type: 'array', items: record('field1') },
      myfield2: { allOf: [record('nestedUnionField2')] },
      myfield3: { not: record('nestedNotField2') },
      myfield4: tagged({ enum: ['red'] }, 'PII'),
    },
  }
  expect(inlineTags(parseJsonSchema(JSON.stringify(schema), [], options))).toEqual([
    { path: 'object.myfield1.array.object', type: 'sr_record', tags: ['record'] },
    { path: 'object.myfield1.array.object.field1', type: 'sr_field', tags: ['PII'] },
    { path: 'object.myfield2.allof.0.object', type: 'sr_record', tags: ['record'] },
    { path: 'object.myfield2.allof.0.object.nestedUnionField2', type: 'sr_field', tags: ['PII'] },
    { path: 'object.myfield3.not.object', type: 'sr_record', tags: ['record'] },
    { path: 'object.myfield3.not.object.nestedNotField2', type: 'sr_field', tags: ['PII'] },
    { path: 'object.myfield4', type: 'sr_field', tags: ['PII'] },
  ])
})

test('[R25] tags of Protobuf stand in the options of messages and fields', () => {
  const text = `syntax = "proto3"; package shop; import "confluent/meta.proto";
    message Order {
      option (confluent.message_meta).tags = "GDPR";
      string card = 1 [(confluent.field_meta) = { doc: "d", tags: ["PII", "PCI"] }];
      string note = 2;
      message Item { string sku = 1 [(confluent.field_meta).tags = "INTERNAL"]; }
    }`
  expect(inlineTags(parseProtobufSchema(text, [], options))).toEqual([
    { path: 'Order', type: 'sr_record', tags: ['GDPR'] },
    { path: 'Order.card', type: 'sr_field', tags: ['PII', 'PCI'] },
    { path: 'Order.Item.sku', type: 'sr_field', tags: ['INTERNAL'] },
  ])
})
