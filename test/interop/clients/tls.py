"""Connects by TLS: with the authority's certificate, and without."""
import sys
from confluent_kafka import KafkaException, Producer

secured, authority = sys.argv[1:3]


def brokers(settings):
    try:
        return len(Producer({"bootstrap.servers": secured, "security.protocol": "SSL", "log_level": 0, **settings}).list_topics(timeout=2).brokers)
    except KafkaException:
        return 0


print(brokers({"ssl.ca.location": authority}), brokers({}))
