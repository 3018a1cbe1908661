import type { Place, Snippet } from './snippet'

const addressFor = ({ host, port }: Place) => `${host}:${port}`
const registryFor = ({ registryUrl }: Place) => registryUrl ?? 'http://localhost:8081'

/** Avro with the schema registry: a producer and a consumer in Python, and Java's properties. */
export const registrySnippet: Snippet = {
  id: 'registry',
  label: 'Schema Registry',
  steps: (place) => [
    { kind: 'install', file: null, code: "pip install 'confluent-kafka[schemaregistry,avro]'" },
    {
      kind: 'produce',
      file: 'produce.py',
      code: `from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

registry = SchemaRegistryClient({"url": "${registryFor(place)}"})
schema = '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "int"}]}'
serialize = AvroSerializer(registry, schema)
producer = Producer({"bootstrap.servers": "${addressFor(place)}"})
context = SerializationContext("orders-avro", MessageField.VALUE)
producer.produce("orders-avro", key="order-1", value=serialize({"total": 12}, context))
producer.flush()`,
    },
    {
      kind: 'consume',
      file: 'consume.py',
      code: `from confluent_kafka import Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

deserialize = AvroDeserializer(SchemaRegistryClient({"url": "${registryFor(place)}"}))
consumer = Consumer({
    "bootstrap.servers": "${addressFor(place)}",
    "group.id": "billing",
    "auto.offset.reset": "earliest",
})
consumer.subscribe(["orders-avro"])
context = SerializationContext("orders-avro", MessageField.VALUE)
while True:
    message = consumer.poll(1.0)
    if message is not None and not message.error():
        print(message.key(), deserialize(message.value(), context), flush=True)`,
    },
    {
      kind: 'config',
      file: 'client.properties',
      code: `bootstrap.servers=${addressFor(place)}
schema.registry.url=${registryFor(place)}
key.serializer=org.apache.kafka.common.serialization.StringSerializer
value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer`,
    },
  ],
}
