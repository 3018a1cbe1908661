import java.io.FileInputStream;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.*;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.*;
import org.apache.kafka.common.serialization.*;

/**
 * What the Java client says when it is refused: {@code Refusals STAND}, a file of properties with the addresses, stores and tokens. One line
 * each: what was tried, and the class and message of the error. First it makes the topics, users and ACLs, by the open listener.
 */
public class Refusals {
    /** Hands the broker a token as it is; the client's own check of it is left out. */
    public static class Token implements AuthenticateCallbackHandler {
        String value;

        @Override
        public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
            value = (String) entries.get(0).getOptions().get("token");
        }

        @Override
        public void handle(Callback[] callbacks) {
            for (var callback : callbacks) if (callback instanceof OAuthBearerTokenCallback asked) asked.token(new OAuthBearerToken() {
                @Override public String value() { return value; }
                @Override public Set<String> scope() { return Set.of(); }
                @Override public long lifetimeMs() { return System.currentTimeMillis() + 3_600_000; }
                @Override public String principalName() { return "alice"; }
                @Override public Long startTimeMs() { return System.currentTimeMillis(); }
            });
        }

        @Override
        public void close() {}
    }

    interface Call {
        Object run() throws Exception;
    }

    static final Properties stand = new Properties();

    static void say(String name, Call call) {
        String answer;
        try {
            answer = "done " + call.run();
        } catch (Throwable failed) {
            var cause = failed instanceof ExecutionException ? failed.getCause() : failed;
            answer = cause.getClass().getSimpleName() + ": " + cause.getMessage();
            for (var deeper = cause.getCause(); deeper != null; deeper = deeper.getCause()) answer += " <- " + deeper.getClass().getSimpleName() + ": " + deeper.getMessage();
        }
        System.out.println(name + " -> " + answer.replace("\n", " "));
    }

    static Map<String, Object> settings(String listener, String... more) {
        var all = new HashMap<String, Object>(Map.of("bootstrap.servers", stand.getProperty(listener), "security.protocol", listener.toUpperCase(), "default.api.timeout.ms", 4000,
            "request.timeout.ms", 3000));
        if (listener.endsWith("ssl")) all.putAll(Map.of("ssl.truststore.type", "PEM", "ssl.truststore.location", stand.getProperty("authority")));
        for (int i = 0; i < more.length; i += 2) all.put(more[i], more[i + 1]);
        return all;
    }

    static Map<String, Object> login(String listener, String mechanism, String user, String password, String... more) {
        var module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        var all = settings(listener, more);
        all.putAll(Map.of("sasl.mechanism", mechanism, "sasl.jaas.config", "org.apache.kafka.common.security." + module + " required username=\"" + user + "\" password=\"" + password + "\";"));
        return all;
    }

    static Map<String, Object> token(String listener, String name) {
        var all = settings(listener);
        all.putAll(Map.of("sasl.mechanism", "OAUTHBEARER", "sasl.login.callback.handler.class", Token.class.getName(),
            "sasl.jaas.config", "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required token=\"" + stand.getProperty(name) + "\";"));
        return all;
    }

    /** Whether a client comes in: it asks for the cluster's id. */
    static void connect(String name, Map<String, Object> settings) {
        say(name, () -> {
            try (var admin = Admin.create(settings)) {
                return admin.describeCluster().nodes().get().size();
            }
        });
    }

    static void make() throws Exception {
        try (var admin = Admin.create(settings("plaintext"))) {
            admin.createTopics(List.of(new NewTopic("open", 1, (short) 1), new NewTopic("closed", 1, (short) 1))).all().get();
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "alice-secret"))).all().get();
            var everywhere = PatternType.LITERAL;
            admin.createAcls(List.of(
                new AclBinding(new ResourcePattern(ResourceType.TOPIC, "open", everywhere), new AccessControlEntry("User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW)),
                new AclBinding(new ResourcePattern(ResourceType.TOPIC, "open", everywhere), new AccessControlEntry("User:alice", "*", AclOperation.WRITE, AclPermissionType.ALLOW)),
                new AclBinding(new ResourcePattern(ResourceType.GROUP, "team", PatternType.PREFIXED), new AccessControlEntry("User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW)))).all().get();
            try (var producer = new KafkaProducer<>(settings("plaintext"), new StringSerializer(), new StringSerializer())) {
                for (var topic : List.of("open", "closed")) producer.send(new ProducerRecord<>(topic, "one")).get();
            }
            admin.alterConsumerGroupOffsets("others", Map.of(new TopicPartition("open", 0), new OffsetAndMetadata(1))).all().get();
            // What was made is there for everybody a moment later.
            try (var alice = Admin.create(login("sasl_plaintext", "SCRAM-SHA-256", "alice", "alice-secret"))) {
                for (int i = 0; i < 50 && alice.listTopics().names().get().isEmpty(); i++) Thread.sleep(100);
            }
        }
    }

    static Object produce(String topic, String... more) throws Exception {
        try (var producer = new KafkaProducer<>(login("sasl_plaintext", "PLAIN", "alice", "alice-secret", more), new StringSerializer(), new StringSerializer())) {
            return producer.send(new ProducerRecord<>(topic, "two")).get().hasOffset();
        }
    }

    static Object consume(String topic, String group, String protocol) {
        var settings = login("sasl_plaintext", "PLAIN", "alice", "alice-secret", "group.id", group, "group.protocol", protocol, "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            for (int i = 0; i < 50; i++) if (!consumer.poll(Duration.ofMillis(200)).isEmpty()) return "read";
            return "nothing";
        }
    }

    static Object transact(String id, String group) throws Exception {
        try (var producer = new KafkaProducer<>(login("sasl_plaintext", "PLAIN", "alice", "alice-secret", "transactional.id", id, "max.block.ms", "4000"), new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition("open", 0), new OffsetAndMetadata(1)), new ConsumerGroupMetadata(group));
            producer.commitTransaction();
            return "committed";
        }
    }

    static void administer(Admin admin) {
        var open = new TopicPartition("open", 0);
        var closed = new TopicPartition("closed", 0);
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "open");
        var node = new ConfigResource(ConfigResource.Type.BROKER, "1");
        var change = List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1"), AlterConfigOp.OpType.SET));
        var binding = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "open", PatternType.LITERAL), new AccessControlEntry("User:eve", "*", AclOperation.READ, AclPermissionType.ALLOW));
        var user = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "alice"));
        say("listTopics", () -> admin.listTopics().names().get());
        say("describeCluster operations", () -> admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true)).authorizedOperations().get());
        say("describeTopics operations", () -> new TreeSet<>(admin.describeTopics(List.of("open"), new DescribeTopicsOptions().includeAuthorizedOperations(true)).allTopicNames().get().get("open").authorizedOperations()));
        say("createTopics", () -> admin.createTopics(List.of(new NewTopic("new", 1, (short) 1))).all().get());
        say("deleteTopics", () -> admin.deleteTopics(List.of("open")).all().get());
        say("deleteTopics unseen", () -> admin.deleteTopics(List.of("closed")).all().get());
        say("describeTopics", () -> admin.describeTopics(List.of("closed")).allTopicNames().get());
        say("describeTopics missing", () -> admin.describeTopics(List.of("missing")).allTopicNames().get());
        say("createPartitions", () -> admin.createPartitions(Map.of("open", NewPartitions.increaseTo(3))).all().get());
        say("describeConfigs", () -> admin.describeConfigs(List.of(topic)).all().get());
        say("describeConfigs broker", () -> admin.describeConfigs(List.of(node)).all().get());
        say("incrementalAlterConfigs", () -> admin.incrementalAlterConfigs(Map.of(topic, change)).all().get());
        say("incrementalAlterConfigs broker", () -> admin.incrementalAlterConfigs(Map.of(node, change)).all().get());
        say("listOffsets", () -> admin.listOffsets(Map.of(closed, OffsetSpec.latest())).partitionResult(closed).get());
        say("deleteRecords", () -> admin.deleteRecords(Map.of(open, RecordsToDelete.beforeOffset(1))).all().get());
        say("listGroups", () -> admin.listGroups().all().get().stream().map(GroupListing::groupId).sorted().toList());
        say("describeConsumerGroups", () -> admin.describeConsumerGroups(List.of("others")).all().get());
        say("deleteConsumerGroups", () -> admin.deleteConsumerGroups(List.of("others")).all().get());
        say("deleteConsumerGroups readable", () -> admin.deleteConsumerGroups(List.of("team-classic")).all().get());
        say("listConsumerGroupOffsets", () -> admin.listConsumerGroupOffsets("others").partitionsToOffsetAndMetadata().get());
        say("alterConsumerGroupOffsets", () -> admin.alterConsumerGroupOffsets("others", Map.of(open, new OffsetAndMetadata(0))).all().get());
        say("alterConsumerGroupOffsets topic", () -> admin.alterConsumerGroupOffsets("idle", Map.of(closed, new OffsetAndMetadata(0))).all().get());
        say("deleteConsumerGroupOffsets", () -> admin.deleteConsumerGroupOffsets("others", Set.of(open)).all().get());
        say("describeAcls", () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
        say("createAcls", () -> admin.createAcls(List.of(binding)).all().get());
        say("deleteAcls", () -> admin.deleteAcls(List.of(binding.toFilter())).all().get());
        say("describeUserScramCredentials", () -> admin.describeUserScramCredentials().all().get());
        say("alterUserScramCredentials", () -> admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion("alice", ScramMechanism.SCRAM_SHA_256))).all().get());
        say("describeClientQuotas", () -> admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
        say("alterClientQuotas", () -> admin.alterClientQuotas(List.of(new ClientQuotaAlteration(user, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1.0))))).all().get());
        say("describeLogDirs", () -> admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).size());
        say("electLeaders", () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(open)).partitions().get());
        say("alterPartitionReassignments", () -> admin.alterPartitionReassignments(Map.of(open, Optional.of(new NewPartitionReassignment(List.of(1))))).all().get());
        say("listPartitionReassignments", () -> admin.listPartitionReassignments().reassignments().get());
        say("describeFeatures", () -> admin.describeFeatures().featureMetadata().get().finalizedFeatures().containsKey("group.version"));
        say("updateFeatures", () -> admin.updateFeatures(Map.of("group.version", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE)), new UpdateFeaturesOptions()).all().get());
        say("describeMetadataQuorum", () -> admin.describeMetadataQuorum().quorumInfo().get());
        say("unregisterBroker", () -> admin.unregisterBroker(77).all().get());
        say("describeProducers", () -> admin.describeProducers(List.of(closed)).all().get());
        say("listTransactions", () -> admin.listTransactions().all().get());
        say("describeTransactions", () -> admin.describeTransactions(List.of("payments")).all().get());
        say("fenceProducers", () -> admin.fenceProducers(List.of("payments")).all().get());
        say("abortTransaction", () -> admin.abortTransaction(new AbortTransactionSpec(open, 1, (short) 0, 0)).all().get());
        say("createDelegationToken", () -> admin.createDelegationToken(new CreateDelegationTokenOptions().owner(new org.apache.kafka.common.security.auth.KafkaPrincipal("User", "bob"))).delegationToken().get());
        say("expireDelegationToken", () -> admin.expireDelegationToken(new byte[] {1}).expiryTimestamp().get());
        say("listConfigResources", () -> admin.listConfigResources().all().get());
    }

    public static void main(String[] args) throws Exception {
        try (var file = new FileInputStream(args[0])) {
            stand.load(file);
        }
        make();
        for (var listener : List.of("sasl_plaintext", "sasl_ssl")) {
            connect(listener + " PLAIN", login(listener, "PLAIN", "alice", "alice-secret"));
            connect(listener + " PLAIN wrong password", login(listener, "PLAIN", "alice", "wrong"));
            connect(listener + " PLAIN unknown user", login(listener, "PLAIN", "nobody", "alice-secret"));
            connect(listener + " SCRAM-SHA-256", login(listener, "SCRAM-SHA-256", "alice", "alice-secret"));
            connect(listener + " SCRAM-SHA-256 wrong password", login(listener, "SCRAM-SHA-256", "alice", "wrong"));
            connect(listener + " SCRAM-SHA-256 unknown user", login(listener, "SCRAM-SHA-256", "nobody", "alice-secret"));
            connect(listener + " SCRAM-SHA-512 not enabled", login(listener, "SCRAM-SHA-512", "alice", "alice-secret"));
            connect(listener + " OAUTHBEARER", token(listener, "token"));
            for (var token : List.of("expired", "forged", "stranger", "unsecured")) connect(listener + " OAUTHBEARER " + token, token(listener, token));
        }
        connect("sasl_ssl unknown authority", login("sasl_ssl", "PLAIN", "alice", "alice-secret", "ssl.truststore.location", stand.getProperty("other")));
        connect("ssl", settings("ssl", "ssl.keystore.type", "PEM", "ssl.keystore.location", stand.getProperty("alice")));
        connect("ssl unknown authority", settings("ssl", "ssl.keystore.type", "PEM", "ssl.keystore.location", stand.getProperty("alice"), "ssl.truststore.location", stand.getProperty("other")));
        connect("ssl without certificate", settings("ssl"));
        connect("ssl with a certificate of another authority", settings("ssl", "ssl.keystore.type", "PEM", "ssl.keystore.location", stand.getProperty("stranger.pem")));
        say("produce", () -> produce("open"));
        say("produce denied", () -> produce("closed"));
        say("produce missing", () -> produce("missing"));
        for (var protocol : List.of("classic", "consumer")) {
            say(protocol + " consume", () -> consume("open", "team-" + protocol, protocol));
            say(protocol + " consume denied topic", () -> consume("closed", "team-" + protocol, protocol));
            say(protocol + " consume denied group", () -> consume("open", "others", protocol));
        }
        say("transaction denied", () -> transact("payments", "team"));
        try (var admin = Admin.create(login("sasl_plaintext", "PLAIN", "alice", "alice-secret"))) {
            administer(admin);
        }
    }
}
