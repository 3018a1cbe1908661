import sys
from confluent_kafka import Consumer, Producer, TopicPartition
from records import records

bootstrap, topic, codec, mode = sys.argv[1:5]
settings = {"bootstrap.servers": bootstrap, "compression.type": codec, "message.max.bytes": 2_000_000, "linger.ms": 5}
settings.update({
    "idempotent": {"enable.idempotence": True},
    "acks0": {"acks": 0},
    "acks1": {"acks": 1},
}.get(mode, {"acks": "all"}))
producer = Producer(settings)
expected = list(records())
failures = []
for key, value, headers in expected:
    producer.produce(topic, key=key, value=value, headers=headers, partition=0,
                     on_delivery=lambda error, message: error and failures.append(str(error)))
left = producer.flush(30)
assert left == 0 and not failures, (left, failures)

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "none", "enable.auto.commit": False,
                     "auto.offset.reset": "earliest", "fetch.message.max.bytes": 2_000_000})
consumer.assign([TopicPartition(topic, 0, 0)])
got = []
while len(got) < len(expected):
    message = consumer.poll(20)
    assert message is not None, f"{len(got)} of {len(expected)}"
    assert message.error() is None, message.error()
    assert message.offset() == len(got), message.offset()
    got.append((message.key(), message.value(), message.headers() or []))
consumer.close()
assert got == expected, "what was read is not what was written"
print("ok", len(got))
