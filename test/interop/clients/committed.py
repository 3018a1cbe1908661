"""Prints for each partition what a group committed, and where the log ends."""
import sys
from confluent_kafka import Consumer, TopicPartition

bootstrap, topic, group, partitions = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group})
for place in consumer.committed([TopicPartition(topic, number) for number in range(partitions)], 20):
    _, end = consumer.get_watermark_offsets(place, 10)
    print(place.partition, place.offset, end)
consumer.close()
