"""Copies a topic exactly once; dies without a word at the step that it is told, so that another one must go on."""
import os
import sys
from confluent_kafka import Consumer, Producer

bootstrap, source, target, crash = sys.argv[1:5]
producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": "copy", "transaction.timeout.ms": 20000})
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "copy", "auto.offset.reset": "earliest", "enable.auto.commit": False,
                     "isolation.level": "read_committed", "enable.partition.eof": True, "session.timeout.ms": 6000})
producer.init_transactions(30)
consumer.subscribe([source])


def step(name):
    if crash == name:
        os._exit(9)


copied = 0
ended = set()
while True:
    message = consumer.poll(10)
    if message is None:
        continue
    if message.error():
        ended.add(message.partition())
        if len(ended) == len(consumer.assignment()):
            break
        continue
    ended.discard(message.partition())
    producer.begin_transaction()
    producer.produce(target, message.value())
    producer.flush(10)
    step("produced")
    producer.send_offsets_to_transaction(consumer.position(consumer.assignment()), consumer.consumer_group_metadata(), 30)
    step("offsets")
    producer.commit_transaction(30)
    copied += 1
    if copied == 20:
        step("committed")
consumer.close()
print("copied", copied)
