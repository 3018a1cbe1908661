"""Fills a compacted topic so that compaction leaves everything that it can leave: a bare batch of a producer, a batch with gaps, a tombstone,
markers without data, aborted records. Waits until librdkafka itself no longer reads an overwritten record.
Usage: compacted_write.py BOOTSTRAP TOPIC CODEC"""
import sys
import time
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap, topic, codec = sys.argv[1:4]
config = {"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0", "segment.ms": "500"}
admin = AdminClient({"bootstrap.servers": bootstrap})
admin.create_topics([NewTopic(topic, 1, 1, config=config)])[topic].result(20)

settings = {"bootstrap.servers": bootstrap, "compression.type": codec}
idempotent = Producer({**settings, "enable.idempotence": True, "linger.ms": 0})
for i in range(3):
    idempotent.produce(topic, key="gone", value="v" * 500 + str(i))
    idempotent.flush(20)
batched = Producer({**settings, "linger.ms": 200})
for key, value in [("gone", "g"), ("kept", "k" * 300), ("deleted", "d"), ("also kept", ""), ("deleted", None)]:
    batched.produce(topic, key=key, value=value)
batched.flush(20)
transactional = Producer({**settings, "transactional.id": topic})
transactional.init_transactions(20)
for key, commits in [("gone", True), ("kept", False), ("committed", True), ("gone", False)]:
    transactional.begin_transaction()
    transactional.produce(topic, key=key, value="t" * 200)
    if commits:
        transactional.commit_transaction(20)
    else:
        transactional.flush(20)
        transactional.abort_transaction(20)
plain = Producer({**settings, "linger.ms": 0})
for key in ["gone", "last"]:
    time.sleep(0.6)
    plain.produce(topic, key=key, value="end")
    plain.flush(20)


def offsets_of(name):
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "wait", "enable.auto.commit": False, "enable.partition.eof": True,
                         "isolation.level": "read_uncommitted"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    found = []
    while True:
        message = consumer.poll(20)
        if message is None or message.error():
            consumer.close()
            return found
        if message.key() == name:
            found.append(message.offset())


until = time.time() + 40
while len(offsets_of(b"gone")) > 1:
    if time.time() > until:
        raise SystemExit("not compacted in time")
    time.sleep(0.2)
print("ok")
