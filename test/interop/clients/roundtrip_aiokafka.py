import asyncio
import sys
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from records import records

bootstrap, topic, codec, mode = sys.argv[1:5]


async def main():
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type=None if codec == "none" else codec,
                                max_request_size=2_000_000, enable_idempotence=mode == "idempotent")
    await producer.start()
    expected = list(records())
    sent = [await producer.send(topic, value, key=key, headers=headers, partition=0) for key, value, headers in expected]
    await asyncio.gather(*sent)
    await producer.stop()
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", max_partition_fetch_bytes=2_000_000)
    await consumer.start()
    consumer.assign([TopicPartition(topic, 0)])
    consumer.seek(TopicPartition(topic, 0), 0)
    got = []
    while len(got) < len(expected):
        message = await asyncio.wait_for(consumer.getone(), 20)
        assert message.offset == len(got), message.offset
        got.append((message.key, message.value, list(message.headers)))
    await consumer.stop()
    assert got == expected, "what was read is not what was written"
    print("ok", len(got))


asyncio.run(main())
