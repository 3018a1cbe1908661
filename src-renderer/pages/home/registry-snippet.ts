import type { Place, Snippet } from './snippet'

const addressFor = ({ host, port }: Place) => `${host}:${port}`
const registryFor = ({ registryUrl }: Place) => registryUrl ?? 'http://localhost:8081'

/** Avro with the schema registry, in Python. */
const python: Snippet = {
  id: 'registry',
  label: 'Avro, Python',
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
  ],
}

/** Avro with the schema registry, in Node: the schema is registered by the producer. */
const node: Snippet = {
  id: 'registry-node',
  label: 'Avro, Node',
  steps: (place) => [
    { kind: 'install', file: null, code: 'npm install kafkajs @kafkajs/confluent-schema-registry' },
    {
      kind: 'produce',
      file: 'produce.mjs',
      code: `import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { Kafka } from 'kafkajs'

const registry = new SchemaRegistry({ host: '${registryFor(place)}' })
const schema = '{"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "total", "type": "int"}]}'
const { id } = await registry.register({ type: SchemaType.AVRO, schema }, { subject: 'orders-node-value' })
const producer = new Kafka({ brokers: ['${addressFor(place)}'] }).producer()
await producer.connect()
const value = await registry.encode(id, { total: 12 })
await producer.send({ topic: 'orders-node', messages: [{ key: 'order-1', value }] })
await producer.disconnect()`,
    },
    {
      kind: 'consume',
      file: 'consume.mjs',
      code: `import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { Kafka } from 'kafkajs'

const registry = new SchemaRegistry({ host: '${registryFor(place)}' })
const consumer = new Kafka({ brokers: ['${addressFor(place)}'] }).consumer({ groupId: 'billing' })
await consumer.connect()
await consumer.subscribe({ topic: 'orders-node', fromBeginning: true })
await consumer.run({
  async eachMessage({ message }) {
    console.log(String(message.key), JSON.stringify(await registry.decode(message.value)))
  },
})`,
    },
  ],
}

/** Avro with the schema registry, in Java: the serializers are in Confluent's own Maven repository. */
const java: Snippet = {
  id: 'registry-java',
  label: 'Avro, Java',
  steps: (place) => [
    {
      kind: 'install',
      file: 'build.gradle',
      code: `repositories {
    mavenCentral()
    maven { url = 'https://packages.confluent.io/maven/' }
}
dependencies {
    implementation 'io.confluent:kafka-avro-serializer:8.0.0'
}`,
    },
    {
      kind: 'config',
      file: 'client.properties',
      code: `bootstrap.servers=${addressFor(place)}
schema.registry.url=${registryFor(place)}
key.serializer=org.apache.kafka.common.serialization.StringSerializer
value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
key.deserializer=org.apache.kafka.common.serialization.StringDeserializer
value.deserializer=io.confluent.kafka.serializers.KafkaAvroDeserializer
group.id=billing
auto.offset.reset=earliest`,
    },
    {
      kind: 'produce',
      file: null,
      code: `Properties config = new Properties();
config.load(new FileReader("client.properties"));
Schema schema = SchemaBuilder.record("Order").fields().requiredInt("total").endRecord();
try (Producer<String, GenericRecord> producer = new KafkaProducer<>(config)) {
    GenericRecord order = new GenericRecordBuilder(schema).set("total", 12).build();
    producer.send(new ProducerRecord<>("orders-avro", "order-1", order));
}`,
    },
    {
      kind: 'consume',
      file: null,
      code: `try (Consumer<String, GenericRecord> consumer = new KafkaConsumer<>(config)) {
    consumer.subscribe(List.of("orders-avro"));
    while (true) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
            System.out.println(record.key() + " " + record.value());
        }
    }
}`,
    },
  ],
}

export const registrySnippets: readonly Snippet[] = [python, node, java]
