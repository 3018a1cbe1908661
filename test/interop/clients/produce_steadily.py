"""Writes numbered records as fast as it can until it is told to stop; prints each number that was acknowledged."""
import signal
import sys
import time
from confluent_kafka import Producer

bootstrap, topic, partitions, per_second = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
# Of several producers each may have a name, which its values begin with, and a linger of its own.
name, linger = (sys.argv[5].encode(), int(sys.argv[6])) if len(sys.argv) > 5 else (b"", 2)
running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": linger, "message.timeout.ms": 60000,
                     "reconnect.backoff.ms": 20, "reconnect.backoff.max.ms": 200})


def told(error, message):
    if error is None:
        print("acked", message.partition(), message.offset(), message.value().decode(), flush=False)


number = 0
while running:
    try:
        producer.produce(topic, b"%s%d" % (name, number), partition=number % partitions, on_delivery=told)
        number += 1
    except BufferError:
        producer.poll(0.05)
    producer.poll(0)
    if per_second > 0:
        time.sleep(1 / per_second)
left = producer.flush(60)
print("left", left)
