"""Makes a user on the open listener, and tries the secured one with its password and with another."""
import sys
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion

open_address, secured, mechanism = sys.argv[1:4]


def connect(password):
    refusals = []
    settings = {"bootstrap.servers": secured, "error_cb": lambda error: refusals.append(error.name()), "log_level": 0}
    if mechanism:
        settings.update({"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": mechanism, "sasl.username": "alice", "sasl.password": password})
    producer = Producer(settings)
    try:
        return len(producer.list_topics(timeout=3).brokers), refusals
    except KafkaException:
        producer.poll(0)
        return 0, refusals


if not mechanism:
    print("refused" if connect("")[0] == 0 else "in")
    sys.exit(0)
if mechanism.startswith("SCRAM"):
    kind = ScramMechanism.SCRAM_SHA_256 if mechanism.endswith("256") else ScramMechanism.SCRAM_SHA_512
    change = UserScramCredentialUpsertion("alice", ScramCredentialInfo(kind, 4096), b"alice-secret")
    admin = AdminClient({"bootstrap.servers": open_address})
    for future in admin.alter_user_scram_credentials([change]).values():
        future.result()
print("in", connect("alice-secret")[0])
found, refusals = connect("wrong")
assert found == 0
print("out", "_AUTHENTICATION" if "_AUTHENTICATION" in refusals else refusals)
