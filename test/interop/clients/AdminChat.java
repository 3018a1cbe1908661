import java.util.*;
import java.util.concurrent.ExecutionException;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.*;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Every call of the Java AdminClient, with what a broker answers: {@code AdminChat SERVER [USER]}, who logs in by PLAIN. One line each, without
 * what is different every time.
 */
public class AdminChat {
    interface Call {
        Object run() throws Exception;
    }

    static void say(String name, Call call) {
        String answer;
        try {
            answer = String.valueOf(call.run());
        } catch (ExecutionException failed) {
            var cause = failed.getCause();
            answer = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        } catch (Exception failed) {
            answer = failed.getClass().getSimpleName() + ": " + failed.getMessage();
        }
        System.out.println(name + " -> " + answer.replace("\n", " "));
    }

    /** Each future by its key, in the order of keys. */
    static <K, V> String each(Map<K, KafkaFuture<V>> futures) {
        return futures.entrySet().stream().sorted(Comparator.comparing(entry -> String.valueOf(entry.getKey()))).map(entry -> {
            try {
                return entry.getKey() + "=" + entry.getValue().get();
            } catch (Exception failed) {
                var cause = failed.getCause() == null ? failed : failed.getCause();
                return entry.getKey() + "=" + cause.getClass().getSimpleName() + ": " + cause.getMessage();
            }
        }).collect(Collectors.joining("; "));
    }

    static String sorted(Collection<?> values) {
        return values.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    static String configs(Config config, boolean values) {
        return sorted(config.entries().stream().map(entry -> entry.name() + (values ? "=" + entry.value() + "/" + entry.source() : "") + "/" + entry.type()
            + (entry.isReadOnly() ? "/readOnly" : "") + (entry.isSensitive() ? "/sensitive" : "")).toList());
    }

    static String topic(TopicDescription topic) {
        return topic.name() + " internal=" + topic.isInternal() + " " + topic.partitions().stream().map(partition -> partition.partition() + ":replicas=" + partition.replicas().size()
            + ",isr=" + partition.isr().size()).toList() + " operations=" + (topic.authorizedOperations() == null ? null : sorted(topic.authorizedOperations()));
    }

    static String token(org.apache.kafka.common.security.token.delegation.DelegationToken token) {
        var info = token.tokenInfo();
        return "owner=" + info.ownerAsString() + " requester=" + info.tokenRequesterAsString() + " renewers=" + info.renewersAsString() + " lives=" + (info.maxTimestamp() - info.issueTimestamp())
            + " renewable=" + (info.expiryTimestamp() - info.issueTimestamp()) + " hmac=" + token.hmac().length;
    }

    public static void main(String[] args) throws Exception {
        var settings = new HashMap<String, Object>(Map.of("bootstrap.servers", args[0], "default.api.timeout.ms", 10000, "request.timeout.ms", 8000));
        if (args.length > 1) {
            settings.putAll(Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + args[1] + "\" password=\"" + args[1] + "-secret\";"));
        }
        var admin = Admin.create(settings);
        var a = new TopicPartition("chat-a", 0);
        var missing = new TopicPartition("chat-missing", 0);
        var none = Map.<String, String>of();

        say("describeCluster", () -> { var r = admin.describeCluster(); return r.nodes().get().size() + " nodes, controller=" + r.controller().get().id() + " operations=" + r.authorizedOperations().get(); });
        say("createTopics", () -> each(admin.createTopics(List.of(
            new NewTopic("chat-a", 2, (short) 1).configs(Map.of("cleanup.policy", "compact")),
            new NewTopic("chat-b", Optional.empty(), Optional.empty()))).values()));
        say("createTopics.exists", () -> each(admin.createTopics(List.of(new NewTopic("chat-a", 1, (short) 1))).values()));
        say("createTopics.name", () -> each(admin.createTopics(List.of(new NewTopic("chat a", 1, (short) 1), new NewTopic("", 1, (short) 1), new NewTopic("..", 1, (short) 1), new NewTopic("x".repeat(250), 1, (short) 1))).values()));
        say("createTopics.partitions", () -> each(admin.createTopics(List.of(new NewTopic("chat-c", 0, (short) 1))).values()));
        say("createTopics.replicas", () -> each(admin.createTopics(List.of(new NewTopic("chat-c", 1, (short) 3), new NewTopic("chat-d", 1, (short) 0))).values()));
        say("createTopics.config", () -> each(admin.createTopics(List.of(new NewTopic("chat-c", 1, (short) 1).configs(Map.of("retention.ms", "soon")), new NewTopic("chat-d", 1, (short) 1).configs(Map.of("no.such", "1")))).values()));
        say("createTopics.assignment", () -> each(admin.createTopics(List.of(new NewTopic("chat-c", Map.of(0, List.of(99))), new NewTopic("chat-d", Map.of(1, List.of(1))))).values()));
        say("createTopics.validateOnly", () -> { var r = admin.createTopics(List.of(new NewTopic("chat-v", 3, (short) 1)), new CreateTopicsOptions().validateOnly(true)); return r.numPartitions("chat-v").get() + " " + r.replicationFactor("chat-v").get(); });
        say("createTopics.collision", () -> each(admin.createTopics(List.of(new NewTopic("chat.a", 1, (short) 1), new NewTopic("chat_a", 1, (short) 1))).values()));
        say("deleteTopics.collision", () -> { each(admin.deleteTopics(List.of("chat.a")).topicNameValues()); return "done"; });
        say("listTopics", () -> sorted(admin.listTopics().names().get().stream().filter(name -> name.startsWith("chat")).toList()));
        say("describeTopics", () -> topic(admin.describeTopics(List.of("chat-a"), new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues().get("chat-a").get()));
        say("describeTopics.missing", () -> each(admin.describeTopics(List.of("chat-missing", "chat missing")).topicNameValues()));
        say("describeTopics.id", () -> each(admin.describeTopics(TopicCollection.ofTopicIds(List.of(new Uuid(1, 2)))).topicIdValues()));
        say("createPartitions", () -> each(admin.createPartitions(Map.of("chat-b", NewPartitions.increaseTo(4))).values()));
        say("createPartitions.problems", () -> each(admin.createPartitions(Map.of("chat-a", NewPartitions.increaseTo(1), "chat-b", NewPartitions.increaseTo(4), "chat-missing", NewPartitions.increaseTo(2))).values()));
        say("describeConfigs.topic", () -> configs(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, "chat-a"))).all().get().values().iterator().next(), true));
        say("describeConfigs.broker", () -> configs(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER, "1"))).all().get().values().iterator().next(), false));
        say("describeConfigs.group", () -> configs(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.GROUP, "chat-group"))).all().get().values().iterator().next(), true));
        say("describeConfigs.metrics", () -> configs(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "chat-metrics"))).all().get().values().iterator().next(), true));
        say("describeConfigs.missing", () -> each(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, "chat-missing"), new ConfigResource(ConfigResource.Type.TOPIC, "a b"))).values()));
        say("describeConfigs.wrongBroker", () -> each(admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER, "77"))).values()));
        var topicA = new ConfigResource(ConfigResource.Type.TOPIC, "chat-a");
        for (var op : List.of(List.of("retention.ms", "1000", "SET"), List.of("retention.ms", "x", "SET"), List.of("no.such", "1", "SET"), List.of("retention.ms", "", "DELETE"),
            List.of("cleanup.policy", "delete", "APPEND"), List.of("cleanup.policy", "compact", "SUBTRACT"), List.of("retention.ms", "1", "APPEND"), List.of("min.insync.replicas", "0", "SET"))) {
            say("incrementalAlterConfigs." + op, () -> each(admin.incrementalAlterConfigs(Map.of(topicA, List.of(new AlterConfigOp(new ConfigEntry(op.get(0), op.get(1)), AlterConfigOp.OpType.valueOf(op.get(2)))))).values()));
        }
        say("incrementalAlterConfigs.result", () -> admin.describeConfigs(List.of(topicA)).all().get().get(topicA).get("cleanup.policy").value());
        say("incrementalAlterConfigs.others", () -> each(admin.incrementalAlterConfigs(Map.of(
            new ConfigResource(ConfigResource.Type.TOPIC, "chat-missing"), List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET)),
            new ConfigResource(ConfigResource.Type.GROUP, "chat-group"), List.of(new AlterConfigOp(new ConfigEntry("consumer.session.timeout.ms", "50000"), AlterConfigOp.OpType.SET)),
            new ConfigResource(ConfigResource.Type.GROUP, "chat-bad"), List.of(new AlterConfigOp(new ConfigEntry("consumer.session.timeout.ms", "1"), AlterConfigOp.OpType.SET)),
            new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "chat-metrics"), List.of(new AlterConfigOp(new ConfigEntry("interval.ms", "60000"), AlterConfigOp.OpType.SET)),
            new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "chat-wrong"), List.of(new AlterConfigOp(new ConfigEntry("interval.ms", "1"), AlterConfigOp.OpType.SET)))).values()));
        say("listConfigResources", () -> sorted(admin.listConfigResources(Set.of(ConfigResource.Type.GROUP, ConfigResource.Type.CLIENT_METRICS), new ListConfigResourcesOptions()).all().get()));
        settings.put("enable.idempotence", false);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 5; i++) producer.send(new ProducerRecord<>("chat-b", 0, 1000L + i, null, new byte[] {1})).get();
        }
        var b = new TopicPartition("chat-b", 0);
        for (var spec : Map.of("earliest", OffsetSpec.earliest(), "latest", OffsetSpec.latest(), "maxTimestamp", OffsetSpec.maxTimestamp(), "time", OffsetSpec.forTimestamp(1002), "timeAfter", OffsetSpec.forTimestamp(9999),
            "earliestLocal", OffsetSpec.earliestLocal(), "latestTiered", OffsetSpec.latestTiered()).entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            say("listOffsets." + spec.getKey(), () -> { var r = admin.listOffsets(Map.of(b, spec.getValue())).partitionResult(b).get(); return r.offset() + " " + r.timestamp() + " " + r.leaderEpoch(); });
        }
        say("listOffsets.missing", () -> admin.listOffsets(Map.of(missing, OffsetSpec.latest()), new ListOffsetsOptions().timeoutMs(2000)).partitionResult(missing).get().offset());
        say("deleteRecords", () -> admin.deleteRecords(Map.of(b, RecordsToDelete.beforeOffset(2))).lowWatermarks().get(b).get().lowWatermark());
        say("deleteRecords.beyond", () -> admin.deleteRecords(Map.of(b, RecordsToDelete.beforeOffset(99))).lowWatermarks().get(b).get().lowWatermark());
        say("deleteRecords.compacted", () -> admin.deleteRecords(Map.of(a, RecordsToDelete.beforeOffset(0))).lowWatermarks().get(a).get().lowWatermark());
        say("deleteRecords.all", () -> admin.deleteRecords(Map.of(b, RecordsToDelete.beforeOffset(-1))).lowWatermarks().get(b).get().lowWatermark());
        say("describeLogDirs", () -> admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream().map(dir -> sorted(dir.replicaInfos().keySet().stream().filter(place -> place.topic().startsWith("chat-")).toList())).toList());
        say("describeReplicaLogDirs", () -> admin.describeReplicaLogDirs(List.of(new TopicPartitionReplica("chat-a", 0, 1))).all().get().values().iterator().next().getFutureReplicaLogDir());
        say("alterReplicaLogDirs", () -> each(admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica("chat-a", 0, 1), "/no/such")).values()));

        say("alterConsumerGroupOffsets", () -> { admin.alterConsumerGroupOffsets("chat-group", Map.of(b, new OffsetAndMetadata(3, "note"))).all().get(); return "done"; });
        say("alterConsumerGroupOffsets.missing", () -> { admin.alterConsumerGroupOffsets("chat-group", Map.of(missing, new OffsetAndMetadata(3))).all().get(); return "done"; });
        say("listConsumerGroupOffsets", () -> admin.listConsumerGroupOffsets("chat-group").partitionsToOffsetAndMetadata().get());
        say("listConsumerGroupOffsets.missing", () -> admin.listConsumerGroupOffsets("chat-no-group").partitionsToOffsetAndMetadata().get());
        say("listGroups", () -> sorted(admin.listGroups().all().get().stream().filter(group -> group.groupId().startsWith("chat")).toList()));
        say("listConsumerGroups", () -> sorted(admin.listConsumerGroups().all().get().stream().filter(group -> group.groupId().startsWith("chat")).toList()));
        say("listConsumerGroups.state", () -> sorted(admin.listConsumerGroups(new ListConsumerGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY)).withTypes(Set.of(GroupType.CLASSIC))).all().get().stream().filter(group -> group.groupId().startsWith("chat")).toList()));
        say("listGroups.type", () -> sorted(admin.listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.CONSUMER))).all().get().stream().filter(group -> group.groupId().startsWith("chat")).toList()));
        say("listGroups.protocol", () -> sorted(admin.listGroups(new ListGroupsOptions().withProtocolTypes(Set.of(""))).all().get().stream().filter(group -> group.groupId().startsWith("chat")).toList()));
        say("describeConsumerGroups.operations", () -> sorted(admin.describeConsumerGroups(List.of("chat-group"), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true)).all().get().get("chat-group").authorizedOperations()));
        say("describeCluster.operations", () -> sorted(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true)).authorizedOperations().get()));
        say("listClientMetricsResources", () -> admin.listClientMetricsResources().all().get());
        say("clientInstanceId", () -> admin.clientInstanceId(java.time.Duration.ofSeconds(5)).toString().length());
        say("listGroups.filter", () -> sorted(admin.listGroups(new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE))).all().get().stream().filter(group -> group.groupId().startsWith("chat")).toList()));
        say("describeConsumerGroups", () -> each(admin.describeConsumerGroups(List.of("chat-group", "chat-no-group")).describedGroups()));
        say("describeClassicGroups", () -> each(admin.describeClassicGroups(List.of("chat-group", "chat-no-group")).describedGroups()));
        say("deleteConsumerGroupOffsets", () -> { var r = admin.deleteConsumerGroupOffsets("chat-group", Set.of(b, missing)); var out = new StringBuilder(); for (var p : List.of(b, missing)) { try { r.partitionResult(p).get(); out.append(p + "=done "); } catch (ExecutionException e) { out.append(p + "=" + e.getCause()); } } return out; });
        say("deleteConsumerGroupOffsets.missing", () -> { admin.deleteConsumerGroupOffsets("chat-no-group", Set.of(b)).all().get(); return "done"; });
        say("removeMembers", () -> { admin.removeMembersFromConsumerGroup("chat-group", new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("nobody")))).all().get(); return "done"; });
        say("deleteConsumerGroups", () -> each(admin.deleteConsumerGroups(List.of("chat-group", "chat-no-group")).deletedGroups()));

        var binding = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "chat-a", PatternType.LITERAL), new AccessControlEntry("User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW));
        say("createAcls", () -> each(admin.createAcls(List.of(binding)).values()));
        say("describeAcls", () -> sorted(admin.describeAcls(AclBindingFilter.ANY).values().get()));
        say("createAcls.problems", () -> each(admin.createAcls(List.of(
            new AclBinding(new ResourcePattern(ResourceType.TOPIC, "", PatternType.LITERAL), new AccessControlEntry("User:a", "*", AclOperation.READ, AclPermissionType.ALLOW)),
            new AclBinding(new ResourcePattern(ResourceType.CLUSTER, "no-cluster", PatternType.LITERAL), new AccessControlEntry("User:a", "*", AclOperation.ALTER, AclPermissionType.ALLOW)),
            new AclBinding(new ResourcePattern(ResourceType.TOPIC, "chat-a", PatternType.LITERAL), new AccessControlEntry("nobody", "*", AclOperation.READ, AclPermissionType.ALLOW)),
            new AclBinding(new ResourcePattern(ResourceType.TOPIC, "chat-a", PatternType.LITERAL), new AccessControlEntry("User:a", "", AclOperation.READ, AclPermissionType.ALLOW)))).values()));
        say("createAcls.prefixed", () -> each(admin.createAcls(List.of(new AclBinding(new ResourcePattern(ResourceType.GROUP, "chat-", PatternType.PREFIXED), new AccessControlEntry("User:bob", "127.0.0.1", AclOperation.ALL, AclPermissionType.DENY)))).values()));
        say("describeAcls.match", () -> sorted(admin.describeAcls(new AclBindingFilter(new ResourcePatternFilter(ResourceType.GROUP, "chat-group", PatternType.MATCH), AccessControlEntryFilter.ANY)).values().get()));
        say("describeAcls.user", () -> sorted(admin.describeAcls(new AclBindingFilter(ResourcePatternFilter.ANY, new AccessControlEntryFilter("User:alice", null, AclOperation.ANY, AclPermissionType.ANY))).values().get()));
        say("deleteAcls.results", () -> { var r = admin.deleteAcls(List.of(new AclBindingFilter(new ResourcePatternFilter(ResourceType.GROUP, null, PatternType.ANY), AccessControlEntryFilter.ANY))); var out = new StringBuilder(); for (var f : r.values().values()) for (var d : f.get().values()) out.append(d.binding() + " " + d.exception() + "; "); return out; });
        say("deleteAcls", () -> { var found = admin.deleteAcls(List.of(binding.toFilter())).values().values().iterator().next().get().values(); return sorted(found.stream().map(DeleteAclsResult.FilterResult::binding).toList()); });
        say("describeUserScramCredentials", () -> admin.describeUserScramCredentials().all().get());
        say("describeUserScramCredentials.missing", () -> admin.describeUserScramCredentials(List.of("chat-nobody")).description("chat-nobody").get());
        say("alterUserScramCredentials", () -> each(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("chat-alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret"))).values()));
        say("alterUserScramCredentials.problems", () -> each(admin.alterUserScramCredentials(List.of(
            new UserScramCredentialUpsertion("chat-bob", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 1), "secret"),
            new UserScramCredentialUpsertion("chat-carl", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 99999), "secret"),
            new UserScramCredentialDeletion("chat-nobody", ScramMechanism.SCRAM_SHA_256))).values()));
        say("describeUserScramCredentials.one", () -> admin.describeUserScramCredentials(List.of("chat-alice")).all().get());
        say("alterUserScramCredentials.delete", () -> each(admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion("chat-alice", ScramMechanism.SCRAM_SHA_256))).values()));
        var user = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "chat-alice"));
        say("alterClientQuotas", () -> each(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(user, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1000.0))))).values()));
        say("alterClientQuotas.key", () -> each(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(user, List.of(new ClientQuotaAlteration.Op("no_such", 1.0))))).values()));
        say("alterClientQuotas.value", () -> each(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(user, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", -1.0))))).values()));
        say("alterClientQuotas.fraction", () -> each(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(user, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1.5))))).values()));
        say("alterClientQuotas.type", () -> each(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(new ClientQuotaEntity(Map.of("group", "g")), List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1.0))))).values()));
        say("alterClientQuotas.ip", () -> { admin.alterClientQuotas(List.of(new ClientQuotaAlteration(new ClientQuotaEntity(Map.of("ip", "127.0.0.1", "user", "u")), List.of(new ClientQuotaAlteration.Op("connection_creation_rate", 1.0))))).all().get(); return "done"; });
        say("describeClientQuotas", () -> admin.describeClientQuotas(ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntity("user", "chat-alice")))).entities().get());
        say("describeClientQuotas.type", () -> admin.describeClientQuotas(ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntity("group", "g")))).entities().get());
        say("alterClientQuotas.remove", () -> each(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(user, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", null))))).values()));

        say("electLeaders", () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(a, missing)).partitions().get().entrySet().stream().sorted(Comparator.comparing(entry -> entry.getKey().toString())).toList());
        say("electLeaders.unclean", () -> admin.electLeaders(ElectionType.UNCLEAN, Set.of(a)).partitions().get());
        say("alterPartitionReassignments", () -> each(admin.alterPartitionReassignments(Map.of(a, Optional.of(new NewPartitionReassignment(List.of(1))), missing, Optional.of(new NewPartitionReassignment(List.of(1))))).values()));
        say("alterPartitionReassignments.wrong", () -> each(admin.alterPartitionReassignments(Map.of(a, Optional.of(new NewPartitionReassignment(List.of(1, 2))))).values()));
        say("alterPartitionReassignments.cancel", () -> each(admin.alterPartitionReassignments(Map.of(a, Optional.empty())).values()));
        say("listPartitionReassignments", () -> admin.listPartitionReassignments().reassignments().get());
        say("describeFeatures", () -> { var f = admin.describeFeatures().featureMetadata().get(); return new TreeMap<>(f.finalizedFeatures()) + " " + new TreeMap<>(f.supportedFeatures()); });
        say("updateFeatures.unknown", () -> each(admin.updateFeatures(Map.of("no.such", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE)), new UpdateFeaturesOptions().validateOnly(true)).values()));
        say("updateFeatures.high", () -> each(admin.updateFeatures(Map.of("group.version", new FeatureUpdate((short) 99, FeatureUpdate.UpgradeType.UPGRADE)), new UpdateFeaturesOptions().validateOnly(true)).values()));
        say("describeMetadataQuorum", () -> { var q = admin.describeMetadataQuorum().quorumInfo().get(); return "leader=" + q.leaderId() + " voters=" + q.voters().stream().map(QuorumInfo.ReplicaState::replicaId).toList() + " observers=" + q.observers().size(); });
        say("unregisterBroker", () -> { admin.unregisterBroker(77).all().get(); return "done"; });
        say("addRaftVoter", () -> { admin.addRaftVoter(77, new Uuid(1, 2), Set.of(new RaftVoterEndpoint("CONTROLLER", "localhost", 1))).all().get(); return "done"; });
        say("removeRaftVoter", () -> { admin.removeRaftVoter(77, new Uuid(1, 2)).all().get(); return "done"; });
        var tokens = new ArrayList<org.apache.kafka.common.security.token.delegation.DelegationToken>();
        say("createDelegationToken", () -> { var token = admin.createDelegationToken(new CreateDelegationTokenOptions().renewers(List.of(new org.apache.kafka.common.security.auth.KafkaPrincipal("User", "bob")))).delegationToken().get(); tokens.add(token); return token(token); });
        say("createDelegationToken.renewer", () -> token(admin.createDelegationToken(new CreateDelegationTokenOptions().renewers(List.of(new org.apache.kafka.common.security.auth.KafkaPrincipal("Group", "bob")))).delegationToken().get()));
        say("createDelegationToken.owner", () -> { var token = admin.createDelegationToken(new CreateDelegationTokenOptions().owner(new org.apache.kafka.common.security.auth.KafkaPrincipal("User", "alice")).maxLifetimeMs(60000)).delegationToken().get(); tokens.add(token); return token(token); });
        Thread.sleep(500);
        say("describeDelegationToken", () -> admin.describeDelegationToken().delegationTokens().get().stream().map(AdminChat::token).sorted().toList());
        say("describeDelegationToken.owner", () -> admin.describeDelegationToken(new DescribeDelegationTokenOptions().owners(List.of(new org.apache.kafka.common.security.auth.KafkaPrincipal("User", "alice")))).delegationTokens().get().stream().map(AdminChat::token).sorted().toList());
        for (var token : tokens) {
            var info = token.tokenInfo();
            say("renewDelegationToken." + info.ownerAsString(), () -> admin.renewDelegationToken(token.hmac(), new RenewDelegationTokenOptions().renewTimePeriodMs(-1)).expiryTimestamp().get() <= info.maxTimestamp());
            say("expireDelegationToken." + info.ownerAsString(), () -> admin.expireDelegationToken(token.hmac(), new ExpireDelegationTokenOptions().expiryTimePeriodMs(-1)).expiryTimestamp().get() >= info.issueTimestamp());
        }
        say("renewDelegationToken", () -> admin.renewDelegationToken(new byte[] {1}).expiryTimestamp().get());
        say("expireDelegationToken", () -> admin.expireDelegationToken(new byte[] {1}).expiryTimestamp().get());
        say("describeProducers", () -> admin.describeProducers(List.of(a)).partitionResult(a).get().activeProducers());
        say("fenceProducers", () -> { admin.fenceProducers(List.of("chat-tx")).all().get(); return "done"; });
        say("listTransactions", () -> sorted(admin.listTransactions().all().get().stream().filter(t -> t.transactionalId().startsWith("chat")).map(t -> t.transactionalId() + " " + t.state()).toList()));
        say("describeTransactions", () -> { var t = admin.describeTransactions(List.of("chat-tx")).description("chat-tx").get(); return t.state() + " epoch=" + t.producerEpoch() + " timeout=" + t.transactionTimeoutMs() + " " + t.topicPartitions(); });
        say("describeTransactions.missing", () -> admin.describeTransactions(List.of("chat-no-tx")).description("chat-no-tx").get());
        say("forceTerminateTransaction", () -> { admin.forceTerminateTransaction("chat-tx").result().get(); return "done"; });
        say("abortTransaction", () -> { admin.abortTransaction(new AbortTransactionSpec(b, 99, (short) 0, 0)).all().get(); return "done"; });
        say("deleteTopics", () -> each(admin.deleteTopics(List.of("chat-a", "chat-b", "chat-missing")).topicNameValues()));
        say("deleteTopics.id", () -> each(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(new Uuid(1, 2)))).topicIdValues()));
        admin.close();
    }
}
