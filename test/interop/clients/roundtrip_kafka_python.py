import sys
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from records import records

bootstrap, topic, codec, _ = sys.argv[1:5]
producer = KafkaProducer(bootstrap_servers=bootstrap, compression_type=None if codec == "none" else codec,
                         max_request_size=2_000_000, acks="all")
expected = list(records())
futures = [producer.send(topic, key=key, value=value, headers=headers, partition=0) for key, value, headers in expected]
producer.flush(30)
for future in futures:
    future.get(30)
producer.close()

consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest",
                         consumer_timeout_ms=20000, max_partition_fetch_bytes=2_000_000)
consumer.assign([TopicPartition(topic, 0)])
consumer.seek_to_beginning()
got = []
for message in consumer:
    assert message.offset == len(got), message.offset
    got.append((message.key, message.value, list(message.headers)))
    if len(got) == len(expected):
        break
consumer.close()
assert got == expected, "what was read is not what was written"
print("ok", len(got))
