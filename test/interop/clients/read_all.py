"""Prints every record of a topic: partition, offset, value."""
import sys
from confluent_kafka import Consumer, TopicPartition

bootstrap, topic, partitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "none", "enable.auto.commit": False, "enable.partition.eof": True,
                     "auto.offset.reset": "earliest", "isolation.level": "read_committed"})
consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions)])
ended = set()
while len(ended) < partitions:
    for message in consumer.consume(1000, 1):
        if message.error():
            ended.add(message.partition())
        else:
            print(message.partition(), message.offset(), message.value().decode())
consumer.close()
