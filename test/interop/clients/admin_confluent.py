"""Every call of confluent-kafka's AdminClient: admin_confluent.py BROKER. A line each; what is different every time is left out."""
import sys
import time
from confluent_kafka import Consumer, ConsumerGroupState, ConsumerGroupTopicPartitions, ConsumerGroupType, ElectionType, IsolationLevel, KafkaException, Producer, TopicCollection, TopicPartition
from confluent_kafka.admin import (AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions,
                                   NewTopic, OffsetSpec, ResourcePatternType, ResourceType, ScramCredentialInfo, ScramMechanism, UserScramCredentialDeletion,
                                   UserScramCredentialUpsertion)

settings = {"bootstrap.servers": sys.argv[1], "socket.timeout.ms": 8000, "log_level": 0}
admin = AdminClient(settings)


def say(name, call):
    try:
        answer = call()
    except KafkaException as failed:
        answer = f"{failed.args[0].name()}: {failed.args[0].str()}"
    print(f"{name} -> {answer}", flush=True)


def each(futures, show=lambda value: "done" if value is None else value):
    """The outcome of each future by its key."""
    def outcome(future):
        try:
            return show(future.result())
        except KafkaException as failed:
            return failed.args[0].name()
    return sorted((str(key), str(outcome(future))) for key, future in futures.items())


def topic(found):
    return (found.name, found.is_internal, [(p.id, p.leader.id, len(p.replicas), len(p.isr)) for p in found.partitions], sorted(o.name for o in found.authorized_operations or []))


def group(found):
    return (found.group_id, found.state.name, found.type.name, found.is_simple_consumer_group, found.partition_assignor,
            [(m.client_id, m.host, [(p.topic, p.partition) for p in m.assignment.topic_partitions]) for m in found.members])


resource = ConfigResource(ConfigResource.Type.TOPIC, "py-a")
config = lambda name: admin.describe_configs([resource])[resource].result()[name].value
change = lambda *entries: ConfigResource(ConfigResource.Type.TOPIC, "py-a", incremental_configs=list(entries))
entry = lambda name, value, operation: ConfigEntry(name, value, incremental_operation=operation)
first = TopicPartition("py-a", 0)

say("create_topics", lambda: each(admin.create_topics([NewTopic("py-a", 2, 1, config={"retention.ms": "-1"}), NewTopic("py-b", 1, 1), NewTopic("py b", 1, 1), NewTopic("py-c", 1, 3)])))
say("create_topics.again", lambda: each(admin.create_topics([NewTopic("py-a", 2, 1)])))
say("create_topics.validate_only", lambda: each(admin.create_topics([NewTopic("py-v", 2, 1)], validate_only=True)))
say("list_topics", lambda: sorted((name, len(found.partitions)) for name, found in admin.list_topics(timeout=5).topics.items()))
say("describe_topics", lambda: each(admin.describe_topics(TopicCollection(["py-a", "py-missing"]), include_authorized_operations=True), topic))
say("create_partitions", lambda: each(admin.create_partitions([NewPartitions("py-b", 3), NewPartitions("py-a", 1)])))
say("describe_cluster", lambda: (lambda found: (len(found.nodes), found.controller.id, sorted(o.name for o in found.authorized_operations)))(admin.describe_cluster(include_authorized_operations=True).result()))
say("describe_configs", lambda: sorted((e.name, e.value, e.source, e.is_read_only, e.is_sensitive) for e in admin.describe_configs([resource])[resource].result().values() if e.name != "min.insync.replicas"))
say("incremental_alter_configs.set", lambda: (each(admin.incremental_alter_configs([change(entry("max.message.bytes", "5000", AlterConfigOpType.SET), entry("cleanup.policy", "compact", AlterConfigOpType.APPEND))])), config("max.message.bytes"), config("cleanup.policy")))
say("incremental_alter_configs.delete", lambda: (each(admin.incremental_alter_configs([change(entry("max.message.bytes", None, AlterConfigOpType.DELETE), entry("cleanup.policy", "compact", AlterConfigOpType.SUBTRACT))])), config("max.message.bytes"), config("cleanup.policy")))
say("incremental_alter_configs.wrong", lambda: each(admin.incremental_alter_configs([change(entry("max.message.bytes", "lots", AlterConfigOpType.SET))])))
say("alter_configs", lambda: (each(admin.alter_configs([ConfigResource(ConfigResource.Type.TOPIC, "py-a", set_config={"retention.ms": "1000000"})])), config("retention.ms")))

producer = Producer(settings)
for i in range(6):
    producer.produce("py-a", str(i).encode(), partition=0, timestamp=int(time.time() * 1000) // 1000 * 1000 + i)
    producer.flush(5)
say("list_offsets", lambda: [each(admin.list_offsets({first: spec}), lambda found: (found.offset, found.leader_epoch)) for spec in (OffsetSpec.earliest(), OffsetSpec.latest(), OffsetSpec.max_timestamp(), OffsetSpec.for_timestamp(1))])
say("list_offsets.committed", lambda: each(admin.list_offsets({first: OffsetSpec.latest()}, isolation_level=IsolationLevel.READ_COMMITTED), lambda found: found.offset))
say("delete_records", lambda: each(admin.delete_records([TopicPartition("py-a", 0, 2), TopicPartition("py-a", 1, 9), TopicPartition("py-missing", 0, 1)]), lambda found: found.low_watermark))
say("elect_leaders", lambda: sorted((f"{p.topic} {p.partition}", error.name() if error else "done") for p, error in admin.elect_leaders(ElectionType.PREFERRED, [first, TopicPartition("py-missing", 0)]).result().items()))

for protocol in ("classic", "consumer"):
    consumer = Consumer({**settings, "group.id": f"py-{protocol}", "group.protocol": protocol, "client.id": "reader", "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe(["py-a"])
    read, end = 0, time.monotonic() + 20
    while read < 4 and time.monotonic() < end:
        message = consumer.poll(0.2)
        read += message is not None and message.error() is None
    consumer.commit(offsets=[TopicPartition("py-a", 0, 5)], asynchronous=False)
    name = f"py-{protocol}"
    say(f"{protocol} list_consumer_groups", lambda: sorted((g.group_id, g.state.name, g.type.name, g.is_simple_consumer_group) for g in admin.list_consumer_groups().result().valid if g.group_id == name))
    say(f"{protocol} list_consumer_groups.filter", lambda: sorted(g.group_id for g in admin.list_consumer_groups(states={ConsumerGroupState.STABLE}, types={ConsumerGroupType.CLASSIC}).result().valid))
    say(f"{protocol} describe_consumer_groups", lambda: each(admin.describe_consumer_groups([name]), group))
    say(f"{protocol} list_consumer_group_offsets", lambda: each(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(name)]), lambda found: [(p.topic, p.partition, p.offset) for p in found.topic_partitions]))
    say(f"{protocol} alter_consumer_group_offsets.active", lambda: each(admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(name, [TopicPartition("py-a", 0, 3)])]), lambda found: [(p.topic, p.offset, p.error and p.error.name()) for p in found.topic_partitions]))
    say(f"{protocol} delete_consumer_groups.active", lambda: each(admin.delete_consumer_groups([name])))
    consumer.close()
    say(f"{protocol} alter_consumer_group_offsets", lambda: each(admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(name, [TopicPartition("py-a", 0, 3)])]), lambda found: [(p.topic, p.offset, p.error and p.error.name()) for p in found.topic_partitions]))
    say(f"{protocol} describe_consumer_groups.empty", lambda: each(admin.describe_consumer_groups([name]), group))
    say(f"{protocol} delete_consumer_groups", lambda: each(admin.delete_consumer_groups([name, "py-no-group"])))

binding = AclBinding(ResourceType.TOPIC, "py-a", ResourcePatternType.LITERAL, "User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW)
prefixed = AclBinding(ResourceType.GROUP, "py-", ResourcePatternType.PREFIXED, "User:bob", "127.0.0.1", AclOperation.ALL, AclPermissionType.DENY)
every = AclBindingFilter(ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY)
groups = AclBindingFilter(ResourceType.GROUP, "py-classic", ResourcePatternType.MATCH, None, None, AclOperation.ANY, AclPermissionType.ANY)
say("create_acls", lambda: each(admin.create_acls([binding, prefixed])))
time.sleep(0.3)
say("describe_acls", lambda: sorted(map(str, admin.describe_acls(every).result())))
say("describe_acls.match", lambda: sorted(map(str, admin.describe_acls(groups).result())))
say("delete_acls", lambda: each(admin.delete_acls([every]), lambda found: sorted(map(str, found))))
time.sleep(0.3)
say("describe_acls.none", lambda: admin.describe_acls(every).result())

say("alter_user_scram_credentials", lambda: each(admin.alter_user_scram_credentials([UserScramCredentialUpsertion("py-user", ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 5000), b"secret"), UserScramCredentialDeletion("py-nobody", ScramMechanism.SCRAM_SHA_512)])))
time.sleep(0.3)
say("describe_user_scram_credentials", lambda: each(admin.describe_user_scram_credentials(["py-user", "py-nobody"]), lambda found: [(i.mechanism.name, i.iterations) for i in found.scram_credential_infos]))
say("describe_user_scram_credentials.all", lambda: sorted(admin.describe_user_scram_credentials().result()))
say("alter_user_scram_credentials.delete", lambda: each(admin.alter_user_scram_credentials([UserScramCredentialDeletion("py-user", ScramMechanism.SCRAM_SHA_256)])))
say("delete_topics", lambda: each(admin.delete_topics(["py-a", "py-b", "py-missing"])))
