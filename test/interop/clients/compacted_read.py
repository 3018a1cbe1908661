"""Prints what a client reads of a topic from its start to its end, one record a line: offset, key, value.
Usage: compacted_read.py confluent|kafka-python|aiokafka BOOTSTRAP TOPIC"""
import asyncio
import sys

client, bootstrap, topic = sys.argv[1:4]


def show(offset, key, value):
    print(offset, key.decode(), "null" if value is None else value.decode())


def confluent():
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "read", "enable.auto.commit": False, "enable.partition.eof": True,
                         "isolation.level": "read_committed"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    while True:
        message = consumer.poll(20)
        if message is None:
            raise SystemExit("no record and no end in 20 s")
        if message.error():
            if message.error().name() != "_PARTITION_EOF":
                raise SystemExit(str(message.error()))
            break
        show(message.offset(), message.key(), message.value())
    consumer.close()


def kafka_python():
    from kafka import KafkaConsumer, TopicPartition

    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, consumer_timeout_ms=20000,
                             isolation_level="read_committed")
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek(partition, 0)
    for message in consumer:
        show(message.offset, message.key, message.value)
        if message.key == b"last":
            break
    consumer.close()


async def aiokafka():
    from aiokafka import AIOKafkaConsumer, TopicPartition

    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, isolation_level="read_committed")
    await consumer.start()
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek(partition, 0)
    while True:
        message = await asyncio.wait_for(consumer.getone(), 20)
        show(message.offset, message.key, message.value)
        if message.key == b"last":
            break
    await consumer.stop()


if client == "aiokafka":
    asyncio.run(aiokafka())
else:
    {"confluent": confluent, "kafka-python": kafka_python}[client]()
