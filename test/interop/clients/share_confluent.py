"""Plays scenarios of share groups with librdkafka's ShareConsumer; each prints one line of what it saw.

The topics are there, and their groups begin at offset 0.
"""

import sys
import time

from confluent_kafka import AcknowledgeType, Producer, ShareConsumer

bootstrap = sys.argv[1]
patience_seconds = 20


def produce(topic, count):
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 50})
    for i in range(count):
        producer.produce(topic, value=str(i), partition=0)
    assert producer.flush(patience_seconds) == 0


def consumer(group, **settings):
    consumer = ShareConsumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": group,
            **{name.replace("_", "."): value for name, value in settings.items()},
        }
    )
    consumer.subscribe([group])
    return consumer


def read(consumer, count, work=lambda message: None, seconds=patience_seconds):
    """So many messages; fewer when none come any more."""
    seen = []
    end = time.monotonic() + seconds
    while len(seen) < count and time.monotonic() < end:
        for message in consumer.poll(0.5):
            if message.error():
                raise RuntimeError(str(message.error()))
            seen.append(message)
            work(message)
    return seen


def offsets(messages):
    return sorted(message.offset() for message in messages)


def counts(messages):
    return sorted({message.delivery_count() for message in messages})


def implicit():
    produce("rd-implicit", 5)
    with consumer("rd-implicit") as one:
        seen = read(one, 5)
        one.commit_sync()
    print("implicit:", offsets(seen), counts(seen))
    with consumer("rd-implicit") as two:
        print("implicit, then:", offsets(read(two, 1, seconds=2)))


def explicit():
    produce("rd-explicit", 4)
    types = {1: AcknowledgeType.RELEASE, 2: AcknowledgeType.REJECT}
    with consumer("rd-explicit", share_acknowledgement_mode="explicit") as one:
        first = read(one, 4, lambda message: one.acknowledge(message, types.get(message.offset(), AcknowledgeType.ACCEPT)))
        results = one.commit_sync()
        again = read(one, 1, one.acknowledge)
        one.commit_sync()
        print("explicit:", offsets(first), "then", offsets(again), counts(again))
        print("explicit, committed:", [str(error) for error in results.values()])
    with consumer("rd-explicit") as two:
        print("explicit, last:", offsets(read(two, 1, seconds=2)))


def closed():
    """What a consumer held when it was closed goes to the next one."""
    produce("rd-closed", 3)
    with consumer("rd-closed", share_acknowledgement_mode="explicit") as one:
        read(one, 3)
    with consumer("rd-closed") as two:
        seen = read(two, 3)
        print("closed:", offsets(seen), counts(seen))


def late():
    """A lock of one second ends; the acknowledgement then comes too late."""
    produce("rd-late", 2)
    slow = consumer("rd-late", share_acknowledgement_mode="explicit")
    quick = consumer("rd-late", share_acknowledgement_mode="explicit")
    held = read(slow, 2)
    again = read(quick, 2, quick.acknowledge)
    quick.commit_sync()
    for message in held:
        slow.acknowledge(message)
    results = slow.commit_sync()
    print("late:", offsets(again), counts(again), [error and error.args[0].name() for error in results.values()])
    slow.close()
    quick.close()


implicit()
explicit()
closed()
late()
