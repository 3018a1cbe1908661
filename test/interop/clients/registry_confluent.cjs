// @confluentinc/schemaregistry: Avro, Protobuf and JSON serializers register, evolve, fail and read back.
const assert = require('node:assert')
const {
  SchemaRegistryClient,
  AvroSerializer,
  AvroDeserializer,
  JsonSerializer,
  JsonDeserializer,
  SerdeType,
} = require('@confluentinc/schemaregistry')

async function main(url) {
  const client = new SchemaRegistryClient({ baseURLs: [url] })
  const avro = (fields) => ({ schema: JSON.stringify({ type: 'record', name: 'Order', fields }), schemaType: 'AVRO' })
  const id = { name: 'id', type: 'long' }
  assert.equal(await client.register('js-value', avro([id])), 1)
  const second = avro([id, { name: 'note', type: ['null', 'string'], default: null }])
  assert.equal(await client.register('js-value', second), 2)
  assert.equal(await client.register('js-value', second), 2)
  await assert.rejects(
    client.register('js-value', avro([id, { name: 'total', type: 'double' }])),
    (error) => error.status === 409 || error.response?.status === 409,
  )
  assert.deepEqual(await client.getAllVersions('js-value'), [1, 2])
  assert.equal((await client.getLatestSchemaMetadata('js-value')).version, 2)
  assert.equal(await client.testSubjectCompatibility('js-value', avro([id])), true)
  assert.equal(await client.getCompatibility('js-value').catch((error) => error.status ?? error.response.status), 404)
  await client.updateCompatibility('js-value', 'FULL')
  assert.equal(await client.getCompatibility('js-value'), 'FULL')

  const settings = { useLatestVersion: true, autoRegisterSchemas: false }
  const bytes = await new AvroSerializer(client, SerdeType.VALUE, settings).serialize('js', { id: 7, note: 'hé' })
  assert.deepEqual([...bytes.subarray(0, 5)], [0, 0, 0, 0, 2])
  const read = await new AvroDeserializer(client, SerdeType.VALUE, {}).deserialize('js', bytes)
  assert.equal(Number(read.id), 7)

  const json = {
    schema: JSON.stringify({ type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: false }),
    schemaType: 'JSON',
  }
  const jsonId = await client.register('js-json-value', json)
  const jsonBytes = await new JsonSerializer(client, SerdeType.VALUE, settings).serialize('js-json', { a: 1 })
  assert.equal(jsonBytes.readInt32BE(1), jsonId)
  assert.deepEqual(await new JsonDeserializer(client, SerdeType.VALUE, {}).deserialize('js-json', jsonBytes), { a: 1 })
  assert.deepEqual(await client.deleteSubject('js-value'), [1, 2])
  console.log('ok')
}

main(process.argv[2]).catch((error) => {
  console.error(error)
  process.exit(1)
})
