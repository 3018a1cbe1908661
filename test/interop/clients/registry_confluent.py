"""confluent-kafka's serializers of all three kinds: register, evolve, fail, read back."""
import json
import sys
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext, SerializationError
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

bootstrap, url = sys.argv[1:3]
client = SchemaRegistryClient({"url": url})
producer = Producer({"bootstrap.servers": bootstrap})


def send(topic, value):
    failures = []
    producer.produce(topic, value=value, partition=0, on_delivery=lambda e, m: e and failures.append(str(e)))
    assert producer.flush(30) == 0 and not failures, failures


def receive(topic, count):
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "none", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    values = []
    while len(values) < count:
        message = consumer.poll(20)
        assert message is not None and message.error() is None, message
        values.append(message.value())
    consumer.close()
    return values


def refused(call, status, code):
    try:
        call()
    except SchemaRegistryError as error:
        assert (error.http_status_code, error.error_code) == (status, code), (error.http_status_code, error.error_code)
        return str(error)
    except SerializationError as error:
        return str(error)
    raise AssertionError("it was taken")


def avro():
    def record(*fields):
        return json.dumps({"type": "record", "name": "Order", "namespace": "shop", "fields": list(fields)})

    first = record({"name": "id", "type": "long"})
    second = record({"name": "id", "type": "long"}, {"name": "note", "type": ["null", "string"], "default": None})
    broken = record({"name": "id", "type": "long"}, {"name": "total", "type": "double"})
    context = SerializationContext("avro", MessageField.VALUE)
    send("avro", AvroSerializer(client, first)({"id": 2 ** 53 + 1}, context))
    send("avro", AvroSerializer(client, second)({"id": 2, "note": "hé"}, context))
    refused(lambda: AvroSerializer(client, broken)({"id": 3, "total": 1.5}, context), 409, 409)
    read = AvroDeserializer(client)
    assert [read(value, context) for value in receive("avro", 2)] == [{"id": 2 ** 53 + 1}, {"id": 2, "note": "hé"}]
    old = AvroDeserializer(client, second)
    assert old(receive("avro", 1)[0], context) == {"id": 2 ** 53 + 1, "note": None}

    # A schema with a reference.
    client.register_schema("address", Schema(json.dumps({"type": "record", "name": "Address", "namespace": "shop",
                                                         "fields": [{"name": "city", "type": "string"}]}), "AVRO"))
    person = Schema(json.dumps({"type": "record", "name": "Person", "namespace": "shop",
                                "fields": [{"name": "home", "type": "Address"}]}), "AVRO",
                    [SchemaReference("shop.Address", "address", 1)])
    context = SerializationContext("people", MessageField.VALUE)
    send("people", AvroSerializer(client, person)({"home": {"city": "Brno"}}, context))
    assert read(receive("people", 1)[0], context) == {"home": {"city": "Brno"}}


def protobuf():
    def file_of(name, message, *fields, dependency=()):
        made = descriptor_pb2.FileDescriptorProto(name=name, package="shop", syntax="proto3", dependency=dependency)
        made.message_type.add(name="Ignored")
        target = made.message_type.add(name=message)
        for number, (field, kind, type_name) in enumerate(fields, 1):
            target.field.add(name=field, number=number, type=kind, type_name=type_name,
                             label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL)
        return made

    integer, text, message = (descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
                              descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
                              descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE)

    def class_of(*files):
        pool = descriptor_pool.DescriptorPool()
        for made in files:
            pool.Add(made)
        last = files[-1]
        return message_factory.GetMessageClass(pool.FindMessageTypeByName("shop." + last.message_type[-1].name))

    settings = {"use.deprecated.format": False}
    context = SerializationContext("proto", MessageField.VALUE)
    first = class_of(file_of("order.proto", "Order", ("id", integer, None)))
    second = class_of(file_of("order.proto", "Order", ("id", integer, None), ("note", text, None)))
    broken = class_of(file_of("order.proto", "Order", ("id", text, None)))
    send("proto", ProtobufSerializer(first, client, settings)(first(id=2 ** 62), context))
    send("proto", ProtobufSerializer(second, client, settings)(second(id=2, note="hé"), context))
    refused(lambda: ProtobufSerializer(broken, client, settings)(broken(id="x"), context), 409, 409)
    read = ProtobufDeserializer(second, settings, client)
    values = [read(value, context) for value in receive("proto", 2)]
    assert [(value.id, value.note) for value in values] == [(2 ** 62, ""), (2, "hé")], values

    # A dependency is registered first, under its own name.
    item = file_of("item.proto", "Item", ("count", integer, None))
    item.message_type[0].name = "IgnoredToo"
    basket = class_of(item, file_of("basket.proto", "Basket", ("item", message, ".shop.Item"),
                                    dependency=["item.proto"]))
    context = SerializationContext("baskets", MessageField.VALUE)
    value = basket()
    value.item.count = 5
    send("baskets", ProtobufSerializer(basket, client, settings)(value, context))
    assert ProtobufDeserializer(basket, settings, client)(receive("baskets", 1)[0], context).item.count == 5
    assert "item.proto" in client.get_subjects()


def json_schema():
    def schema(**properties):
        return json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", "title": "Order", "type": "object",
                           "properties": properties, "additionalProperties": False})

    context = SerializationContext("json", MessageField.VALUE)
    first, second = schema(id={"type": "integer"}), schema(id={"type": "integer"}, note={"type": "string"})
    send("json", JSONSerializer(first, client)({"id": 1}, context))
    send("json", JSONSerializer(second, client)({"id": 2, "note": "hé"}, context))
    refused(lambda: JSONSerializer(schema(id={"type": "string"}), client)({"id": "x"}, context), 409, 409)
    read = JSONDeserializer(second, schema_registry_client=client)
    assert [read(value, context) for value in receive("json", 2)] == [{"id": 1}, {"id": 2, "note": "hé"}]


def administration():
    assert client.get_latest_version("avro-value").version == 2
    assert client.get_versions("avro-value") == [1, 2]
    assert client.get_compatibility() == "BACKWARD"
    client.set_compatibility("avro-value", "FULL")
    assert client.get_compatibility("avro-value") == "FULL"
    text = client.get_schema(client.get_latest_version("avro-value").schema_id).schema_str
    assert client.lookup_schema("avro-value", Schema(text, "AVRO")).version == 2
    assert client.test_compatibility("avro-value", Schema('"string"', "AVRO")) is False
    refused(lambda: client.register_schema("avro-value", Schema('"string"', "AVRO")), 409, 409)
    refused(lambda: client.register_schema("avro-value", Schema("{", "AVRO")), 422, 42201)
    refused(lambda: client.get_version("avro-value", 9), 404, 40402)
    refused(lambda: client.get_schema(9999), 404, 40403)
    assert client.delete_version("avro-value", 2) == 2
    assert client.delete_subject("avro-value") == [1]
    assert "avro-value" not in client.get_subjects()
    assert client.delete_subject("json-value") == [1, 2]
    assert client.delete_subject("json-value", permanent=True) == [1, 2]
    refused(lambda: client.get_latest_version("json-value"), 404, 40401)


avro()
protobuf()
json_schema()
administration()
print("ok", len(client.get_subjects()))
