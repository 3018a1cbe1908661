"""Copies a topic exactly once, partition by partition; dies without a word at the step that it is told, so that another one must go on."""
import os
import sys
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

bootstrap, source, target, crash = sys.argv[1:5]
producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": "copy", "transaction.timeout.ms": 60000,
                     "reconnect.backoff.max.ms": 500})
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "copy", "auto.offset.reset": "earliest", "enable.auto.commit": False,
                     "isolation.level": "read_committed", "enable.partition.eof": True, "session.timeout.ms": 6000,
                     "reconnect.backoff.max.ms": 500})


def step(name):
    if crash == name:
        os._exit(9)


def again(call):
    """Until it is done: what can be tried again is."""
    while True:
        try:
            return call()
        except KafkaException as error:
            if not error.args[0].retriable():
                raise


def rewind():
    for place in again(lambda: consumer.committed(consumer.assignment(), 30)):
        consumer.seek(TopicPartition(place.topic, place.partition, place.offset if place.offset >= 0 else OFFSET_BEGINNING))


again(lambda: producer.init_transactions(30))
step("init")
consumer.subscribe([source])
copied = 0
ended = set()
while True:
    messages = consumer.consume(7, 1)
    for message in messages:
        if message.error():
            if message.error().name() != "_PARTITION_EOF":
                continue
            ended.add(message.partition())
        else:
            ended.discard(message.partition())
    records = [message for message in messages if not message.error()]
    if not records:
        if ended and len(ended) == len(consumer.assignment()):
            break
        continue
    try:
        producer.begin_transaction()
        step("begin")
        for record in records:
            producer.produce(target, record.value(), partition=record.partition())
        producer.flush(30)
        step("produced")
        again(lambda: producer.send_offsets_to_transaction(consumer.position(consumer.assignment()), consumer.consumer_group_metadata(), 30))
        step("offsets")
        again(lambda: producer.commit_transaction(30))
        copied += len(records)
        if copied >= 20:
            step("committed")
    except KafkaException as error:
        if not error.args[0].txn_requires_abort():
            raise
        again(lambda: producer.abort_transaction(30))
        rewind()
        ended.clear()
consumer.close()
print("copied", copied)
