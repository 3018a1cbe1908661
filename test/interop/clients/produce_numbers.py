"""Writes the numbers from 0 on into one partition, or into several in turn."""
import sys
from confluent_kafka import Producer

bootstrap, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
partitions = int(sys.argv[4]) if len(sys.argv) > 4 else 1
producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
for number in range(count):
    producer.produce(topic, b"%d" % number, partition=number % partitions)
assert producer.flush(30) == 0
