"""One consumer of a group: prints each record it has processed, commits, and says which partitions it has and loses."""
import signal
import sys
import time

library, bootstrap, topic, group, strategy = sys.argv[1:6]
running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)

if library == "confluent":
    from confluent_kafka import Consumer

    settings = {"bootstrap.servers": bootstrap, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    if strategy == "consumer":
        settings["group.protocol"] = "consumer"
    else:
        settings.update({"partition.assignment.strategy": strategy.replace("static-", ""), "session.timeout.ms": 6000, "heartbeat.interval.ms": 500})
    if strategy.startswith("static-"):
        settings["group.instance.id"] = sys.argv[6]
    consumer = Consumer(settings)

    def told(word):
        def tell(_, partitions):
            for place in partitions:
                print(word, place.partition, time.monotonic_ns(), flush=True)
        return tell

    consumer.subscribe([topic], on_assign=told("has"), on_revoke=told("gives"), on_lost=told("gives"))
    print("ready", flush=True)
    while running:
        message = consumer.poll(0.2)
        if message is None or message.error():
            continue
        print("did", message.partition(), message.offset(), flush=True)
        try:
            consumer.commit(message, asynchronous=False)
        except Exception as error:
            # A rebalance took the partition: whoever has it now does this record again.
            print("lost", error, file=sys.stderr)
    consumer.close()
elif library == "aiokafka":
    import asyncio
    from aiokafka import AIOKafkaConsumer, TopicPartition
    from aiokafka.errors import KafkaError

    async def work():
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest",
                                    enable_auto_commit=False, session_timeout_ms=6000, heartbeat_interval_ms=500)
        await consumer.start()
        print("ready", flush=True)
        while running:
            for place, messages in (await consumer.getmany(timeout_ms=200)).items():
                for message in messages:
                    print("did", message.partition, message.offset, flush=True)
                    try:
                        await consumer.commit({TopicPartition(topic, message.partition): message.offset + 1})
                    except KafkaError as error:
                        print("lost", error, file=sys.stderr)
                        break
        await consumer.stop()

    asyncio.run(work())
else:
    from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition

    consumer = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest",
                             enable_auto_commit=False, session_timeout_ms=6000, heartbeat_interval_ms=500)
    print("ready", flush=True)
    while running:
        for partition, messages in consumer.poll(timeout_ms=200).items():
            for message in messages:
                print("did", message.partition, message.offset, flush=True)
                try:
                    place = TopicPartition(topic, message.partition)
                    consumer.commit({place: OffsetAndMetadata(message.offset + 1, "", -1)})
                except Exception as error:
                    print("lost", error, file=sys.stderr)
                    break
    consumer.close()
