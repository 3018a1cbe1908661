"""Comes in by an unsecured token that librdkafka makes itself; prints how many brokers it sees, or why it sees none."""
import sys
from confluent_kafka import KafkaException, Producer

refusals = []
producer = Producer({"bootstrap.servers": sys.argv[1], "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "OAUTHBEARER",
                     "enable.sasl.oauthbearer.unsecure.jwt": True, "sasl.oauthbearer.config": "principal=alice", "client.id": "tokens",
                     "error_cb": lambda error: refusals.append(error.name()), "log_level": 0})
try:
    print("in", len(producer.list_topics(timeout=5).brokers))
except KafkaException:
    producer.poll(0)
    print("out", "_AUTHENTICATION" if "_AUTHENTICATION" in refusals else refusals)
