// @kafkajs/confluent-schema-registry: registers, evolves, fails and reads back.
const assert = require('node:assert')
const { SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry')

async function main(host) {
  const registry = new SchemaRegistry({ host })
  const avro = (fields) => ({
    type: SchemaType.AVRO,
    schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields }),
  })
  const a = { name: 'a', type: 'int' }
  const first = await registry.register(avro([a]), { subject: 'kjs-value' })
  const second = await registry.register(avro([a, { name: 'b', type: 'string', default: '' }]), {
    subject: 'kjs-value',
  })
  assert.notEqual(first.id, second.id)
  await assert.rejects(
    registry.register(avro([a, { name: 'c', type: 'string' }]), { subject: 'kjs-value' }),
    /incompatible/,
  )
  const bytes = await registry.encode(second.id, { a: 5, b: 'hé' })
  assert.deepEqual({ ...(await registry.decode(bytes)) }, { a: 5, b: 'hé' })
  assert.equal(await registry.getLatestSchemaId('kjs-value'), second.id)

  const proto = await registry.register(
    { type: SchemaType.PROTOBUF, schema: 'syntax = "proto3"; package p; message M { int32 x = 1; }' },
    { subject: 'kjs-proto-value' },
  )
  assert.equal((await registry.decode(await registry.encode(proto.id, { x: 3 }))).x, 3)
  const json = await registry.register(
    { type: SchemaType.JSON, schema: '{"type":"object","properties":{"x":{"type":"number"}}}' },
    { subject: 'kjs-json-value' },
  )
  assert.deepEqual(await registry.decode(await registry.encode(json.id, { x: 1 })), { x: 1 })
  console.log('ok')
}

main(process.argv[2]).catch((error) => {
  console.error(error)
  process.exit(1)
})
