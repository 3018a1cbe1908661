"""The load of the bench `single-records`, by librdkafka. Usage: single_records.py write|read BOOTSTRAP TOPIC COUNT"""
import sys
import time
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

what, bootstrap, topic, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
partitions = 6


def write():
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, partitions, 1)])[topic].result(20)
    # A request for each record, as the many clients send that write one record at a time.
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0, "batch.num.messages": 1, "acks": 1,
                         "queue.buffering.max.messages": 1_000_000, "max.in.flight.requests.per.connection": 100})
    for number in range(count):
        value = b'{"order":%d,"customer":"c-%05d","amount":%d}' % (number, number % 90_000, number % 1000)
        while True:
            try:
                producer.produce(topic, value, key=b"%d" % number, partition=number % partitions)
                break
            except BufferError:
                producer.poll(0.01)
        if number % 1000 == 0:
            producer.poll(0)
    assert producer.flush(120) == 0


def read():
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench", "enable.auto.commit": False, "auto.offset.reset": "earliest",
                         "queued.min.messages": 1_000_000, "fetch.wait.max.ms": 50})
    consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions)])
    seen = 0
    while seen < count:
        messages = consumer.consume(min(10_000, count - seen), 20)
        assert messages, f"{seen} of {count}"
        seen += len(messages)
    consumer.close()


start = time.perf_counter()
{"write": write, "read": read}[what]()
print(round(count / (time.perf_counter() - start)))
