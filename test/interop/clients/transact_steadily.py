"""Writes transactions of seven records until it is told to stop, each with an offset of a group; prints what became of each."""
import signal
import sys
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

bootstrap, topic, partitions, group = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
running = True


def stop(*_):
    global running
    running = False


def again(call):
    """Until it is done: what can be tried again is."""
    while True:
        try:
            return call()
        except KafkaException as error:
            if not error.args[0].retriable():
                raise


signal.signal(signal.SIGTERM, stop)
backoff = {"reconnect.backoff.ms": 20, "reconnect.backoff.max.ms": 200}
producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": "steady", "transaction.timeout.ms": 300000,
                     "message.timeout.ms": 300000, **backoff})
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, **backoff})
again(lambda: producer.init_transactions(30))
number = 0
while running:
    producer.begin_transaction()
    for record in range(7):
        # Small records and large ones are mixed.
        filler = b"." * (20000 if (number + record) % 10 == 0 else 10)
        producer.produce(topic, b"%d %s" % (number, filler), partition=(number + record) % partitions)
    offsets = [TopicPartition(topic, 0, number + 1)]
    again(lambda: producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata(), 30))
    aborts = number % 5 == 4
    again(lambda: producer.abort_transaction(30) if aborts else producer.commit_transaction(30))
    print("aborted" if aborts else "committed", number)
    number += 1
consumer.close()
