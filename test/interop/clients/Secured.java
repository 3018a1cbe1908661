import java.io.FileInputStream;
import java.util.*;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.quota.*;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.serialization.*;

/** Certificates and ACLs, delegation tokens, authentication again in time, and quotas, by the client of Java: {@code Secured STAND}; a line for each. */
public class Secured {
    interface Call {
        Object run() throws Exception;
    }

    static final Properties stand = new Properties();

    static void say(String name, Call call) {
        String answer;
        try {
            answer = String.valueOf(call.run());
        } catch (Throwable failed) {
            var cause = failed instanceof ExecutionException ? failed.getCause() : failed;
            answer = cause.getClass().getSimpleName();
        }
        System.out.println(name + " -> " + answer);
    }

    static Map<String, Object> settings(String listener, String... more) {
        var all = new HashMap<String, Object>(Map.of("bootstrap.servers", stand.getProperty(listener), "security.protocol", listener.toUpperCase(), "default.api.timeout.ms", 8000,
            "request.timeout.ms", 6000));
        if (listener.endsWith("ssl")) all.putAll(Map.of("ssl.truststore.type", "PEM", "ssl.truststore.location", stand.getProperty("authority")));
        for (int i = 0; i < more.length; i += 2) all.put(more[i], more[i + 1]);
        return all;
    }

    static Map<String, Object> plain(String user, String... more) {
        return settings("sasl_plaintext", with(more, "sasl.mechanism", "PLAIN", "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\"" + user + "-secret\";"));
    }

    /** By a delegation token: its id and HMAC, in SCRAM. */
    static Map<String, Object> token(DelegationToken token, String hmac) {
        return settings("sasl_plaintext", "sasl.mechanism", "SCRAM-SHA-256", "sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
            + token.tokenInfo().tokenId() + "\" password=\"" + hmac + "\" tokenauth=\"true\";");
    }

    static String[] with(String[] some, String... more) {
        var all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    static Map<String, Object> certificate(String name) {
        return settings("ssl", "ssl.keystore.type", "PEM", "ssl.keystore.location", stand.getProperty(name));
    }

    static Object create(Map<String, Object> settings, String topic) throws Exception {
        try (var admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            return "created";
        }
    }

    static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.values().stream().filter(metric -> metric.metricName().name().equals(name)).mapToDouble(metric -> {
            var value = (double) metric.metricValue();
            return Double.isNaN(value) ? 0 : value;
        }).max().orElse(-1);
    }

    static AclBinding allow(ResourceType type, String name, String principal, AclOperation operation) {
        return new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL), new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    static void certificates(Admin admin) throws Exception {
        say("certificate of a super user", () -> create(certificate("alice"), "by-alice"));
        say("certificate without rights", () -> create(certificate("bob"), "by-bob"));
        admin.createAcls(List.of(allow(ResourceType.TOPIC, "by-bob", "User:CN=Bob", AclOperation.CREATE))).all().get();
        say("certificate with the right to this topic", () -> create(certificate("bob"), "by-bob"));
        say("certificate without the right to that topic", () -> create(certificate("bob"), "by-nobody"));
    }

    static void tokens() throws Exception {
        try (var admin = Admin.create(plain("admin")); var bob = Admin.create(plain("bob")); var alice = Admin.create(plain("alice"))) {
            var token = admin.createDelegationToken(new CreateDelegationTokenOptions().renewers(List.of(new KafkaPrincipal("User", "bob"))).maxLifetimeMs(3_600_000)).delegationToken().get();
            say("by token", () -> create(token(token, token.hmacAsBase64String()), "by-token"));
            say("by token with a wrong HMAC", () -> create(token(token, "d3Jvbmc="), "by-token-2"));
            try (var byToken = Admin.create(token(token, token.hmacAsBase64String()))) {
                say("a token by a token", () -> byToken.createDelegationToken().delegationToken().get());
                say("tokens seen by their owner", () -> admin.describeDelegationToken().delegationTokens().get().size());
                say("tokens seen by their renewer", () -> bob.describeDelegationToken().delegationTokens().get().size());
                say("tokens seen by others", () -> alice.describeDelegationToken().delegationTokens().get().size());
                say("renewed by its renewer", () -> bob.renewDelegationToken(token.hmac(), new RenewDelegationTokenOptions().renewTimePeriodMs(60_000)).expiryTimestamp().get() > System.currentTimeMillis());
                say("renewed by others", () -> alice.renewDelegationToken(token.hmac()).expiryTimestamp().get());
                say("expired by others", () -> alice.expireDelegationToken(token.hmac()).expiryTimestamp().get());
                say("expired by its renewer", () -> bob.expireDelegationToken(token.hmac(), new ExpireDelegationTokenOptions().expiryTimePeriodMs(-1)).expiryTimestamp().get() <= System.currentTimeMillis());
            }
            say("by an expired token", () -> create(token(token, token.hmacAsBase64String()), "by-token-3"));
            say("tokens that are left", () -> admin.describeDelegationToken().delegationTokens().get().size());
        }
    }

    /** Sends on one connection until it has authenticated again twice. */
    static Object again() throws Exception {
        try (var producer = new KafkaProducer<>(plain("admin"), new StringSerializer(), new StringSerializer())) {
            long end = System.currentTimeMillis() + 20_000;
            while (System.currentTimeMillis() < end) {
                producer.send(new ProducerRecord<>("by-alice", "again")).get();
                if (metric(producer.metrics(), "successful-reauthentication-total") >= 2) return "twice, failed " + (int) metric(producer.metrics(), "failed-reauthentication-total");
                Thread.sleep(50);
            }
            return "not twice";
        }
    }

    static void quotas(Admin admin) throws Exception {
        var alice = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "alice"));
        admin.createAcls(List.of(allow(ResourceType.TOPIC, "by-alice", "User:alice", AclOperation.WRITE), allow(ResourceType.TOPIC, "by-alice", "User:alice", AclOperation.READ))).all().get();
        say("not throttled", () -> sent() == 0);
        say("read, not throttled", () -> read() == 0);
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(alice, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 20_000.0), new ClientQuotaAlteration.Op("consumer_byte_rate", 20_000.0))))).all().get();
        say("throttled", () -> sent() > 0);
        say("read, throttled", () -> read() > 0);
    }

    /** Sends a quarter of a megabyte, or less when it is made to wait; the longest that it was told to. */
    static double sent() throws Exception {
        try (var producer = new KafkaProducer<>(plain("alice", "linger.ms", "0"), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 25; i++) {
                producer.send(new ProducerRecord<>("by-alice", new byte[10_000])).get();
                if (metric(producer.metrics(), "produce-throttle-time-max") > 0) break;
            }
            return metric(producer.metrics(), "produce-throttle-time-max");
        }
    }

    static double read() {
        try (var consumer = new KafkaConsumer<>(plain("alice", "max.partition.fetch.bytes", "50000"), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition("by-alice", 0)));
            consumer.seekToBeginning(consumer.assignment());
            for (int i = 0, bytes = 0; i < 100 && bytes < 250_000 && !(metric(consumer.metrics(), "fetch-throttle-time-max") > 0); i++) {
                for (var found : consumer.poll(java.time.Duration.ofMillis(100))) bytes += found.value().length;
            }
            return metric(consumer.metrics(), "fetch-throttle-time-max");
        }
    }

    public static void main(String[] args) throws Exception {
        try (var file = new FileInputStream(args[0])) {
            stand.load(file);
        }
        try (var admin = Admin.create(settings("plaintext"))) {
            certificates(admin);
            tokens();
            say("authenticated again", Secured::again);
            quotas(admin);
        }
    }
}
