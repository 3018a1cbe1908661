"""A member of the consumer protocol while READ on its topic, or on its group, is taken away and given back. Prints what it sees."""

import sys
import time
import uuid

from confluent_kafka import Consumer, KafkaError, Producer
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

plaintext, secured, revoked = sys.argv[1:]
tag = uuid.uuid4().hex[:6]
topic, group = f"topic-{tag}", f"group-{tag}"
admin = AdminClient({"bootstrap.servers": plaintext})
admin.create_topics([NewTopic(topic, 2)])[topic].result()
resources = {"topic": (ResourceType.TOPIC, topic), "group": (ResourceType.GROUP, group)}


def facts(what):
    kind, name = resources[what]
    return (kind, name, ResourcePatternType.LITERAL, "User:bob", "*", AclOperation.READ, AclPermissionType.ALLOW)


def give(what):
    for done in admin.create_acls([AclBinding(*facts(what))]).values():
        done.result()


def take(what):
    for done in admin.delete_acls([AclBindingFilter(*facts(what))]).values():
        done.result()


give("topic")
give("group")
producer = Producer({"bootstrap.servers": plaintext})
consumer = Consumer(
    {
        "bootstrap.servers": secured,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "PLAIN",
        "sasl.username": "bob",
        "sasl.password": "bob-secret",
        "group.id": group,
        "group.protocol": "consumer",
        "auto.offset.reset": "earliest",
    }
)
consumer.subscribe([topic])


def until(wanted):
    """Produces and polls until a record, or an error of this code, comes."""
    end = time.time() + 60
    while time.time() < end:
        producer.produce(topic, b"x")
        producer.flush()
        message = consumer.poll(0.2)
        if message is None:
            continue
        code = message.error().code() if message.error() else None
        if code == wanted:
            return
        if code == KafkaError._FATAL:
            sys.exit(f"fatal: {message.error()}")
    sys.exit(f"no {wanted} came")


until(None)
print("reads")
take(revoked)
if revoked == "topic":
    until(KafkaError.TOPIC_AUTHORIZATION_FAILED)
    print("denied")
    give("topic")
    until(None)
    print("reads again")
else:
    until(KafkaError._FATAL)
    print("gives up")
consumer.close()
