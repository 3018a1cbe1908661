"""Leaves a transaction open until the broker aborts it, which a consumer of committed records sees; then tries to commit."""
import sys
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

bootstrap, topic = sys.argv[1:3]
slow = Producer({"bootstrap.servers": bootstrap, "transactional.id": "slow", "transaction.timeout.ms": 1500})
slow.init_transactions(30)
slow.begin_transaction()
slow.produce(topic, b"too slow", partition=0)
assert slow.flush(30) == 0
other = Producer({"bootstrap.servers": bootstrap})
other.produce(topic, b"behind it", partition=0)
assert other.flush(30) == 0
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "none", "enable.auto.commit": False, "isolation.level": "read_committed"})
consumer.assign([TopicPartition(topic, 0, 0)])
message = consumer.poll(30)
print("read", message.offset(), message.value().decode())
consumer.close()
try:
    slow.commit_transaction(30)
    print("committed")
except KafkaException as error:
    print("commit", error.args[0].name(), "fatal" if error.args[0].fatal() else "")
again = Producer({"bootstrap.servers": bootstrap, "transactional.id": "slow"})
again.init_transactions(30)
again.begin_transaction()
again.produce(topic, b"in time", partition=0)
again.commit_transaction(30)
print("committed by another")
