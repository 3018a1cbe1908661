"""What librdkafka says when it is refused: refusals.py STAND, the file of Refusals.java, which must have run before. A line each."""
import sys
import time
from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions,
                                   NewTopic, OffsetSpec, ResourcePatternType, ResourceType, ScramMechanism, UserScramCredentialDeletion)
from confluent_kafka import ConsumerGroupTopicPartitions, ElectionType, TopicCollection, TopicPartition

stand = dict(line.rstrip("\n").split("=", 1) for line in open(sys.argv[1]))


def settings(listener, **more):
    made = {"bootstrap.servers": stand[listener], "security.protocol": listener.upper(), "log_level": 0, "socket.timeout.ms": 4000, "reconnect.backoff.max.ms": 200}
    if listener.endswith("ssl"):
        made["ssl.ca.location"] = stand["authority"]
    return {**made, **{key.replace("_", "."): value for key, value in more.items()}}


def login(listener, mechanism, user="alice", password="alice-secret", **more):
    return settings(listener, sasl_mechanism=mechanism, sasl_username=user, sasl_password=password, **more)


def token(listener, name):
    made = settings(listener, sasl_mechanism="OAUTHBEARER")
    made["oauth_cb"] = lambda _: (stand[name], time.time() + 3600)
    return made


def say(name, call):
    try:
        answer = f"done {call()}"
    except KafkaException as failed:
        answer = f"{failed.args[0].name()}: {failed.args[0].str()}"
    print(f"{name} -> {answer}", flush=True)


def connect(name, made):
    """Whether a client comes in; if not, the first errors that its error_cb hears, each once."""
    heard = []

    def hear(error):
        if error.name() != "_ALL_BROKERS_DOWN" and (error.name(), error.str()) not in heard:
            heard.append((error.name(), error.str()))

    producer = Producer({**made, "error_cb": hear})
    end = time.monotonic() + 4
    answer = None
    while answer is None and time.monotonic() < end:
        producer.poll(0.05)
        if heard:
            answer = f"{heard[0][0]}: {heard[0][1]}"
            break
        try:
            answer = f"done {len(producer.list_topics(timeout=0.25).brokers)}"
        except KafkaException:
            pass
    print(f"{name} -> {answer}", flush=True)


def produce(topic, **more):
    told = []
    producer = Producer(login("sasl_plaintext", "PLAIN", **more))
    producer.produce(topic, b"three", on_delivery=lambda error, _: told.append(error))
    producer.flush(6)
    return f"{told[0].name()}: {told[0].str()}" if told and told[0] else f"done {len(told)}"


def consume(topic, group, **more):
    consumer = Consumer(login("sasl_plaintext", "PLAIN", group_id=group, auto_offset_reset="earliest", **more))
    consumer.subscribe([topic])
    end = time.monotonic() + 8
    answer = "nothing"
    while time.monotonic() < end and answer == "nothing":
        message = consumer.poll(0.2)
        if message is not None:
            answer = f"{message.error().name()}: {message.error().str()}" if message.error() else "done read"
    consumer.close()
    return answer


def transact(name):
    producer = Producer(login("sasl_plaintext", "PLAIN", transactional_id=name))
    producer.init_transactions(5)


def first(futures):
    """The result of the only future; what it holds is not printed."""
    for future in futures.values():
        return type(future.result()).__name__


for listener in ("sasl_plaintext", "sasl_ssl"):
    connect(f"{listener} PLAIN", login(listener, "PLAIN"))
    connect(f"{listener} PLAIN wrong password", login(listener, "PLAIN", password="wrong"))
    connect(f"{listener} PLAIN unknown user", login(listener, "PLAIN", user="nobody"))
    connect(f"{listener} SCRAM-SHA-256", login(listener, "SCRAM-SHA-256"))
    connect(f"{listener} SCRAM-SHA-256 wrong password", login(listener, "SCRAM-SHA-256", password="wrong"))
    connect(f"{listener} SCRAM-SHA-256 unknown user", login(listener, "SCRAM-SHA-256", user="nobody"))
    connect(f"{listener} SCRAM-SHA-512 not enabled", login(listener, "SCRAM-SHA-512"))
    connect(f"{listener} OAUTHBEARER", token(listener, "token"))
    for name in ("expired", "forged", "stranger", "unsecured"):
        connect(f"{listener} OAUTHBEARER {name}", token(listener, name))
connect("sasl_ssl unknown authority", login("sasl_ssl", "PLAIN", ssl_ca_location=stand["other"]))
connect("ssl", settings("ssl", ssl_certificate_location=stand["alice"], ssl_key_location=stand["alice"]))
connect("ssl unknown authority", settings("ssl", ssl_certificate_location=stand["alice"], ssl_key_location=stand["alice"], ssl_ca_location=stand["other"]))
connect("ssl without certificate", settings("ssl"))
connect("ssl with a certificate of another authority", settings("ssl", ssl_certificate_location=stand["stranger.pem"], ssl_key_location=stand["stranger.pem"]))
connect("sasl to plaintext", {**login("sasl_plaintext", "PLAIN"), "bootstrap.servers": stand["plaintext"]})
print("produce ->", produce("open"))
print("produce denied ->", produce("closed"))
print("produce denied, idempotent ->", produce("closed", enable_idempotence=True))
print("produce missing ->", produce("missing"))
for protocol in ("classic", "consumer"):
    print(f"{protocol} consume ->", consume("open", f"team-python-{protocol}", group_protocol=protocol))
    print(f"{protocol} consume denied topic ->", consume("closed", f"team-python-{protocol}", group_protocol=protocol))
    print(f"{protocol} consume denied group ->", consume("open", "others", group_protocol=protocol))
say("transaction denied", lambda: transact("payments"))

admin = AdminClient(login("sasl_plaintext", "PLAIN"))
topic = ConfigResource(ConfigResource.Type.TOPIC, "open")
change = ConfigResource(ConfigResource.Type.TOPIC, "open", incremental_configs=[ConfigEntry("retention.ms", "1", incremental_operation=AlterConfigOpType.SET)])
binding = AclBinding(ResourceType.TOPIC, "open", ResourcePatternType.LITERAL, "User:eve", "*", AclOperation.READ, AclPermissionType.ALLOW)
every = AclBindingFilter(ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY)
offsets = ConsumerGroupTopicPartitions("others", [TopicPartition("open", 0, 0)])
say("list_topics", lambda: sorted(admin.list_topics(timeout=5).topics))
say("create_topics", lambda: first(admin.create_topics([NewTopic("new", 1, 1)])))
say("delete_topics", lambda: first(admin.delete_topics(["open"])))
say("delete_topics unseen", lambda: first(admin.delete_topics(["closed"])))
say("create_partitions", lambda: first(admin.create_partitions([NewPartitions("open", 3)])))
say("describe_topics", lambda: first(admin.describe_topics(TopicCollection(["closed"]))))
say("describe_configs", lambda: first(admin.describe_configs([topic])))
say("incremental_alter_configs", lambda: first(admin.incremental_alter_configs([change])))
say("create_acls", lambda: first(admin.create_acls([binding])))
say("describe_acls", lambda: type(admin.describe_acls(every).result()).__name__)
say("delete_acls", lambda: first(admin.delete_acls([every])))
say("list_consumer_groups", lambda: sorted(group.group_id for group in admin.list_consumer_groups().result().valid))
say("describe_consumer_groups", lambda: first(admin.describe_consumer_groups(["others"])))
say("list_consumer_group_offsets", lambda: first(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions("others")])))
say("alter_consumer_group_offsets", lambda: first(admin.alter_consumer_group_offsets([offsets])))
say("delete_consumer_groups", lambda: first(admin.delete_consumer_groups(["others"])))
say("list_offsets", lambda: first(admin.list_offsets({TopicPartition("closed", 0): OffsetSpec.latest()})))
say("delete_records", lambda: first(admin.delete_records([TopicPartition("open", 0, 1)])))
say("elect_leaders", lambda: type(admin.elect_leaders(ElectionType.PREFERRED, [TopicPartition("open", 0)]).result()).__name__)
# describe_user_scram_credentials is left out: librdkafka 2.11.1 ends with it when it is refused, on Kafka too.
say("alter_user_scram_credentials", lambda: first(admin.alter_user_scram_credentials([UserScramCredentialDeletion("alice", ScramMechanism.SCRAM_SHA_256)])))
say("describe_cluster", lambda: len(admin.describe_cluster().result().nodes))
