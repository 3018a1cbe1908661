"""The load of the bench, by librdkafka: prints one line of JSON per measurement."""
import json
import statistics
import sys
import threading
import time
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap, seconds_scale = sys.argv[1], float(sys.argv[2])
# Topics of their own for each run, so that one broker can have several.
run = time.time_ns()


def tell(name, **figures):
    print(json.dumps({"name": name, **figures}), flush=True)


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def create(topic, partitions=1):
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
        future.result()
    deadline = time.time() + 10
    while topic not in admin.list_topics(timeout=5).topics and time.time() < deadline:
        time.sleep(0.05)


def throughput(size, codec, count):
    topic = f"bench-{size}-{codec}-{run}"
    create(topic)
    producer = Producer({"bootstrap.servers": bootstrap, "compression.type": codec, "linger.ms": 5, "batch.size": 1_000_000,
                         "queue.buffering.max.messages": 1_000_000, "queue.buffering.max.kbytes": 1_000_000})
    value = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    start = time.perf_counter()
    for number in range(count):
        while True:
            try:
                producer.produce(topic, value)
                break
            except BufferError:
                producer.poll(0.01)
        if number % 5000 == 0:
            producer.poll(0)
    assert producer.flush(60) == 0
    took = time.perf_counter() - start
    tell(f"produce {size} B {codec}", recordsPerSecond=round(count / took), mbPerSecond=round(count * size / took / 1e6, 1))
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench", "enable.auto.commit": False, "auto.offset.reset": "earliest",
                         "fetch.message.max.bytes": 10_000_000, "queued.min.messages": 1_000_000, "fetch.wait.max.ms": 50})
    # From the start, with the connection: one answer may hold all records, and from the first of them on only the client would be measured.
    start = time.perf_counter()
    consumer.assign([TopicPartition(topic, 0, 0)])
    seen = 0
    while seen < count:
        messages = consumer.consume(min(10_000, count - seen), 10)
        assert messages, f"{seen} of {count}"
        seen += len(messages)
    took = time.perf_counter() - start
    consumer.close()
    tell(f"consume {size} B {codec}", recordsPerSecond=round(count / took), mbPerSecond=round(count * size / took / 1e6, 1))


def single_records(count):
    """A batch and a request for each record, as the many clients send that write one at a time."""
    topic, partitions = f"bench-single-{run}", 6
    create(topic, partitions)
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0, "batch.num.messages": 1, "acks": 1,
                         "queue.buffering.max.messages": 1_000_000, "max.in.flight.requests.per.connection": 100})
    start = time.perf_counter()
    for number in range(count):
        producer.produce(topic, b'{"order":%d,"customer":"c-%05d"}' % (number, number % 90_000), key=b"%d" % number,
                         partition=number % partitions)
        if number % 1000 == 0:
            producer.poll(0)
    assert producer.flush(120) == 0
    tell("produce single records", recordsPerSecond=round(count / (time.perf_counter() - start)))
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench", "enable.auto.commit": False, "auto.offset.reset": "earliest",
                         "queued.min.messages": 1_000_000, "fetch.wait.max.ms": 50})
    consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions)])
    start = time.perf_counter()
    seen = 0
    while seen < count:
        messages = consumer.consume(min(10_000, count - seen), 20)
        assert messages, f"{seen} of {count}"
        seen += len(messages)
    took = time.perf_counter() - start
    consumer.close()
    tell("consume single records", recordsPerSecond=round(count / took))


def sync_latency(count):
    create(f"bench-sync-{run}")
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0})
    times = []
    for number in range(count):
        start = time.perf_counter()
        producer.produce(f"bench-sync-{run}", b"x" * 100)
        producer.flush()
        times.append((time.perf_counter() - start) * 1000)
    times = times[count // 10:]
    tell("sync produce", p50Ms=round(statistics.median(times), 3), p99Ms=round(percentile(times, 0.99), 3))


def end_to_end(count, per_second):
    create(f"bench-e2e-{run}")
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench-e2e", "enable.auto.commit": False, "fetch.wait.max.ms": 100})
    consumer.assign([TopicPartition(f"bench-e2e-{run}", 0, 0)])
    times = []

    def read():
        while len(times) < count:
            message = consumer.poll(10)
            if message is None:
                return
            if not message.error():
                times.append((time.perf_counter() - float(message.value())) * 1000)

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(0.5)
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0})
    start = time.perf_counter()
    for number in range(count):
        while time.perf_counter() < start + number / per_second:
            time.sleep(0.0002)
        producer.produce(f"bench-e2e-{run}", b"%.9f" % time.perf_counter())
        producer.poll(0)
    producer.flush(10)
    reader.join(20)
    consumer.close()
    times = times[len(times) // 10:]
    tell(f"end to end at {per_second}/s", p50Ms=round(statistics.median(times), 3), p99Ms=round(percentile(times, 0.99), 3))


def first_join():
    create(f"bench-join-{run}")
    times = []
    for number in range(10):
        consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"bench-join-{number}-{time.time()}"})
        consumer.list_topics(timeout=5)
        assigned = threading.Event()
        start = time.perf_counter()
        consumer.subscribe([f"bench-join-{run}"], on_assign=lambda *_: assigned.set())
        while not assigned.is_set() and time.perf_counter() - start < 10:
            consumer.poll(0.001)
        times.append((time.perf_counter() - start) * 1000)
        consumer.close()
    tell("first assignment, by the client's clock", p50Ms=round(statistics.median(times), 1))


throughput(100, "none", int(1_500_000 * seconds_scale))
throughput(100, "lz4", int(1_500_000 * seconds_scale))
throughput(1024, "none", int(400_000 * seconds_scale))
throughput(1024, "lz4", int(400_000 * seconds_scale))
single_records(int(100_000 * seconds_scale))
# V8 and HotSpot compile what a lone request needs during the first 10,000 or so.
sync_latency(int(15_000 * seconds_scale))
end_to_end(int(5000 * seconds_scale), 1000)
first_join()
