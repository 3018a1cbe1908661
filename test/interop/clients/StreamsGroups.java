import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberAssignment;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/**
 * Plays scenarios of streams groups (KIP-1071) with Kafka Streams, several at once; each prints lines of what it saw.
 * Arguments: broker, its listener for SASL_PLAINTEXT, and names of scenarios, where not all are wanted.
 */
public class StreamsGroups {
    private static String bootstrap;
    private static String secured;
    private static Admin admin;
    private static Path folder;

    private interface Scenario {
        void run(Consumer<String> say) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        secured = args[1];
        folder = Files.createTempDirectory("streams-groups");
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("scaled", StreamsGroups::scaled);
        all.put("copies", StreamsGroups::copies);
        all.put("missing", StreamsGroups::missing);
        all.put("missing-endpoint", StreamsGroups::missingWithEndpoint);
        all.put("late", StreamsGroups::createdLate);
        all.put("joined", StreamsGroups::joinOfOtherCounts);
        all.put("wrong", StreamsGroups::wrongChangelog);
        all.put("other", StreamsGroups::otherTopology);
        all.put("static", StreamsGroups::staticMembers);
        all.put("shutdown", StreamsGroups::shutdown);
        all.put("grown", StreamsGroups::grown);
        all.put("protocol", StreamsGroups::otherProtocol);
        all.put("denied", StreamsGroups::denied);
        var wanted = args.length > 2 ? List.of(args).subList(2, args.length) : new ArrayList<>(all.keySet());
        // Few at once: each has clients and threads of its own.
        var pool = Executors.newFixedThreadPool(4);
        Map<String, Future<List<String>>> runs = new LinkedHashMap<>();
        for (var name : wanted) runs.put(name, pool.submit((Callable<List<String>>) () -> {
            List<String> said = new ArrayList<>();
            try {
                all.get(name).run(said::add);
            } catch (Throwable error) {
                said.add("failed " + error);
                error.printStackTrace();
            }
            return said;
        }));
        for (var run : runs.entrySet()) for (var line : run.getValue().get()) System.out.println(run.getKey() + ": " + line);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** 1 to 5 instances and back while words are written: every word is counted once. */
    private static void scaled(Consumer<String> say) throws Exception {
        topics("scaled-in", 6, "scaled-out", 1);
        var writer = new Writer("scaled-in", 6);
        List<App> apps = new ArrayList<>();
        for (int count = 1; count <= 5; count++) {
            apps.add(new App("scaled", words("scaled-in", "scaled-out"), Map.of(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)).started());
            say.accept(count + " instances, active tasks " + sizes(settled("scaled", count), StreamsGroupMemberAssignment::activeTasks));
        }
        for (int count = 4; count >= 1; count--) {
            apps.get(count).close();
            say.accept(count + " instances, active tasks " + sizes(settled("scaled", count), StreamsGroupMemberAssignment::activeTasks));
        }
        var expected = writer.stop();
        try (var reader = new Reader("scaled-out")) {
            reader.until(counts -> counts.equals(expected));
            say.accept("counted as written " + reader.counts.equals(expected) + ", backward " + reader.backward);
        }
        apps.get(0).close();
    }

    /** Standby tasks, and interactive queries: where each key is, told by every instance. */
    private static void copies(Consumer<String> say) throws Exception {
        topics("copies-in", 4, "copies-out", 1);
        var a = new App("copies", counts("copies-in", "copies-out"), Map.of("application.server", "a.example:1")).started();
        var b = new App("copies", counts("copies-in", "copies-out"), Map.of("application.server", "b.example:2")).started();
        var before = settled("copies", 2);
        say.accept("active " + sizes(before, StreamsGroupMemberAssignment::activeTasks) + ", standby " + sizes(before, StreamsGroupMemberAssignment::standbyTasks));
        groupConfig("copies", "streams.num.standby.replicas", "1");
        var after = awaited("copies", group -> isSettled(group, 2) && group.members().stream().allMatch(member -> !member.assignment().standbyTasks().isEmpty()));
        say.accept("with a standby: active " + sizes(after, StreamsGroupMemberAssignment::activeTasks) + ", standby " + sizes(after, StreamsGroupMemberAssignment::standbyTasks)
            + ", active tasks stayed " + actives(before).equals(actives(after)));
        List<String> keys = new ArrayList<>();
        try (var producer = producer()) {
            for (int i = 0; i < 12; i++) {
                keys.add("key-" + i);
                producer.send(new ProducerRecord<>("copies-in", "key-" + i, "x")).get();
            }
        }
        for (var app : List.of(a, b)) {
            await(() -> hosts(app).size() == 2 && hosts(app).values().stream().allMatch("2 active, 2 standby"::equals));
            say.accept("told to " + (app == a ? "a" : "b") + ": " + hosts(app));
        }
        int found = 0, copied = 0;
        for (int i = 0; i < 12; i++) {
            for (var asked : List.of(a, b)) {
                var at = asked.streams.queryMetadataForKey("store", keys.get(i), new StringSerializer());
                var active = at.activeHost().port() == 1 ? a : b;
                var standby = active == a ? b : a;
                if (value(active, keys.get(i), at.partition(), false) == 1) found++;
                if (at.standbyHosts().size() == 1 && value(standby, keys.get(i), at.partition(), true) == 1) copied++;
            }
        }
        say.accept("keys found at the active host " + found + " of 24, at the standby host " + copied + " of 24");
        b.close();
        var alone = settled("copies", 1);
        say.accept("alone: active " + sizes(alone, StreamsGroupMemberAssignment::activeTasks) + ", standby " + sizes(alone, StreamsGroupMemberAssignment::standbyTasks));
        await(() -> hosts(a).size() == 1 && hosts(a).values().contains("4 active, 0 standby"));
        say.accept("told to a: " + hosts(a));
        a.close();
    }

    private static long value(App app, String key, int partition, boolean isStale) throws Exception {
        var result = new long[1];
        await(() -> {
            var query = StoreQueryParameters.fromNameAndType("store", QueryableStoreTypes.<String, Long>keyValueStore()).withPartition(partition);
            Long count = app.streams.store(isStale ? query.enableStaleStores() : query).get(key);
            result[0] = count == null ? 0 : count;
            return count != null;
        });
        return result[0];
    }

    private static Map<String, String> hosts(App app) {
        Map<String, String> hosts = new TreeMap<>();
        for (var client : app.streams.metadataForAllStreamsClients()) {
            hosts.put(client.hostInfo().host(), client.topicPartitions().size() + " active, " + client.standbyTopicPartitions().size() + " standby");
        }
        return hosts;
    }

    private static void missing(Consumer<String> say) throws Exception {
        topics("missing-out", 1);
        say.accept(new App("missing", counts("missing-in", "missing-out"), Map.of()).started().failure());
    }

    private static void missingWithEndpoint(Consumer<String> say) throws Exception {
        topics("endpoint-out", 1);
        say.accept(new App("endpoint", counts("endpoint-in", "endpoint-out"), Map.of("application.server", "a.example:1")).started().failure());
    }

    /** The source topic is created before the client gives up. */
    private static void createdLate(Consumer<String> say) throws Exception {
        topics("late-out", 1);
        groupConfig("late", "streams.heartbeat.interval.ms", "5000");
        var app = new App("late", counts("late-in", "late-out"), Map.of()).started();
        say.accept("without its topic " + awaited("late", group -> group.groupState() == GroupState.NOT_READY).groupState());
        topics("late-in", 2);
        say.accept("with it, active tasks " + sizes(settled("late", 1), StreamsGroupMemberAssignment::activeTasks));
        app.close();
    }

    private static void joinOfOtherCounts(Consumer<String> say) throws Exception {
        topics("joined-a", 2, "joined-b", 3, "joined-out", 1);
        var builder = new StreamsBuilder();
        builder.<String, String>stream("joined-a")
            .join(builder.<String, String>stream("joined-b"), (a, b) -> a + b, JoinWindows.ofTimeDifferenceWithNoGrace(Duration.ofSeconds(1)))
            .to("joined-out");
        say.accept(new App("joined", builder, Map.of()).started().failure());
    }

    private static void wrongChangelog(Consumer<String> say) throws Exception {
        topics("wrong-in", 2, "wrong-out", 1, "wrong-store-changelog", 7);
        say.accept(new App("wrong", counts("wrong-in", "wrong-out"), Map.of()).started().failure());
    }

    private static void otherTopology(Consumer<String> say) throws Exception {
        topics("other-in", 2, "other-out", 1);
        var first = new App("other", counts("other-in", "other-out"), Map.of()).started();
        settled("other", 1);
        say.accept(new App("other", words("other-in", "other-out"), Map.of()).started().failure());
        await(() -> first.streams.state() == KafkaStreams.State.RUNNING);
        say.accept("the first: " + settled("other", 1).groupState());
        first.close();
    }

    /** Static members that come back in time have the tasks that they had, and the others notice nothing. */
    private static void staticMembers(Consumer<String> say) throws Exception {
        topics("static-in", 4, "static-out", 1);
        var one = new App("static", counts("static-in", "static-out"), onDisk("one")).started();
        var two = new App("static", counts("static-in", "static-out"), onDisk("two")).started();
        var before = settled("static", 2);
        two.close();
        var away = awaited("static", group -> group.members().stream().anyMatch(member -> member.memberEpoch() == -2));
        say.accept("away: " + away.groupState() + ", epoch stayed " + (away.groupEpoch() == before.groupEpoch()) + ", active tasks " + sizes(away, StreamsGroupMemberAssignment::activeTasks));
        two = new App("static", counts("static-in", "static-out"), onDisk("two"), two.state).started();
        var back = awaited("static", group -> isSettled(group, 2) && group.members().stream().allMatch(member -> member.memberEpoch() > 0));
        say.accept("back: same tasks " + byInstance(before).equals(byInstance(back)) + ", epochs " + (back.groupEpoch() - before.groupEpoch()));
        var third = new App("static", counts("static-in", "static-out"), onDisk("two")).started();
        say.accept("a second one of that name: " + third.failure());
        two.close();
        one.close();
    }

    /** With its state it keeps the id of its process. */
    private static Map<String, ?> onDisk(String instanceId) {
        return Map.of("group.instance.id", instanceId, StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers.class);
    }

    /** A thread asks the whole application to stop; when all have, the next start runs. */
    private static void shutdown(Consumer<String> say) throws Exception {
        topics("shutdown-in", 2, "shutdown-out", 1);
        List<App> apps = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            var builder = new StreamsBuilder();
            builder.<String, String>stream("shutdown-in").peek((key, value) -> {
                throw new IllegalStateException("cannot be read");
            }).to("shutdown-out");
            var app = new App("shutdown", builder, Map.of());
            app.answer = StreamThreadExceptionResponse.SHUTDOWN_APPLICATION;
            apps.add(app.started());
        }
        settled("shutdown", 2);
        try (var producer = producer()) {
            producer.send(new ProducerRecord<>("shutdown-in", 0, null, "poison")).get();
        }
        for (var app : apps) {
            await(() -> app.streams.state() == KafkaStreams.State.ERROR);
        }
        say.accept("both ended, the group is " + awaited("shutdown", group -> group.members().isEmpty()).groupState());
        var builder = new StreamsBuilder();
        builder.<String, String>stream("shutdown-in").to("shutdown-out");
        var next = new App("shutdown", builder, Map.of()).started();
        say.accept("started again: " + settled("shutdown", 1).groupState());
        next.close();
    }

    /** A topic gets more partitions than the changelog has. */
    private static void grown(Consumer<String> say) throws Exception {
        topics("grown-in", 2, "grown-out", 1);
        var app = new App("grown", counts("grown-in", "grown-out"), Map.of()).started();
        settled("grown", 1);
        admin.createPartitions(Map.of("grown-in", NewPartitions.increaseTo(3))).all().get();
        say.accept(app.failure());
    }

    /** The application changes its protocol, and back, and goes on where it was. */
    private static void otherProtocol(Consumer<String> say) throws Exception {
        topics("protocol-in", 2, "protocol-out", 1);
        Map<String, Object> classic = Map.of("group.protocol", "classic", "heartbeat.interval.ms", 500, "session.timeout.ms", 6000);
        Map<String, Long> expected = new HashMap<>();
        Path state = Files.createTempDirectory(folder, "protocol");
        try (var reader = new Reader("protocol-out"); var producer = producer()) {
            for (var protocol : List.of("classic", "streams", "classic")) {
                var app = new App("protocol", counts("protocol-in", "protocol-out"), protocol.equals("classic") ? classic : Map.of(), state).started();
                for (int i = 0; i < 20; i++) {
                    producer.send(new ProducerRecord<>("protocol-in", "key-" + i % 5, "x"));
                    expected.merge("key-" + i % 5, 1L, Long::sum);
                }
                producer.flush();
                reader.until(counts -> counts.equals(expected));
                say.accept(protocol + ": counted as written " + reader.counts.equals(expected));
                if (protocol.equals("streams")) {
                    say.accept("classic meanwhile: " + new App("protocol", counts("protocol-in", "protocol-out"), classic).started().failure());
                }
                app.close();
                // Members of the classic protocol are removed when they close from Kafka Streams 4.2 on.
                if (protocol.equals("classic")) {
                    var group = "protocol";
                    await(() -> admin.describeClassicGroups(List.of(group)).describedGroups().get(group).get().members().isEmpty());
                } else {
                    awaited("protocol", group -> group.members().isEmpty());
                }
            }
        }
    }

    /** What a user may not do is told, and tried again. */
    private static void denied(Consumer<String> say) throws Exception {
        topics("denied-in", 2, "denied-out", 1);
        Map<String, Object> alice = Map.of(
            "bootstrap.servers", secured, "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
            "sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"alice\" password=\"alice-secret\";");
        allow(ResourceType.TOPIC, "denied", AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.DELETE);
        say.accept("without READ on the group: " + new App("denied", words("denied-in", "denied-out"), alice).started().failure());
        allow(ResourceType.GROUP, "denied", AclOperation.READ, AclOperation.DESCRIBE);
        var app = new App("denied", words("denied-in", "denied-out"), alice).started();
        awaited("denied", group -> group.groupState() == GroupState.NOT_READY);
        var none = admin.listTopics().names().get().stream().filter(name -> name.startsWith("denied-store") || name.endsWith("-repartition") && name.startsWith("denied")).toList();
        say.accept("without CREATE: " + describe("denied").groupState() + ", internal topics " + none + ", the application " + app.streams.state());
        allow(ResourceType.TOPIC, "denied", AclOperation.CREATE);
        say.accept("with it: " + settled("denied", 1).groupState());
        app.close();
    }

    private static void allow(ResourceType type, String prefix, AclOperation... operations) throws Exception {
        var pattern = new ResourcePattern(type, prefix, PatternType.PREFIXED);
        admin.createAcls(Arrays.stream(operations)
            .map(operation -> new AclBinding(pattern, new AccessControlEntry("User:alice", "*", operation, AclPermissionType.ALLOW))).toList()).all().get();
    }

    /** Counts the words of each line: two subtopologies. */
    private static StreamsBuilder words(String from, String to) {
        var builder = new StreamsBuilder();
        builder.<String, String>stream(from)
            .flatMapValues(line -> Arrays.asList(line.split(" ")))
            .groupBy((key, word) -> word, Grouped.with("by-word", Serdes.String(), Serdes.String()))
            .count(Materialized.as("store"))
            .toStream().to(to, Produced.with(Serdes.String(), Serdes.Long()));
        return builder;
    }

    /** Counts records by their key: one subtopology. */
    private static StreamsBuilder counts(String from, String to) {
        var builder = new StreamsBuilder();
        builder.stream(from, Consumed.with(Serdes.String(), Serdes.String())).groupByKey().count(Materialized.as("store"))
            .toStream().to(to, Produced.with(Serdes.String(), Serdes.Long()));
        return builder;
    }

    /** An instance of an application, with one thread and a state directory of its own. */
    private static final class App {
        final KafkaStreams streams;
        final Path state;
        final CompletableFuture<Throwable> error = new CompletableFuture<>();
        volatile StreamThreadExceptionResponse answer = StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

        App(String id, StreamsBuilder builder, Map<String, ?> more) throws Exception {
            this(id, builder, more, Files.createTempDirectory(folder, id));
        }

        App(String id, StreamsBuilder builder, Map<String, ?> more, Path state) {
            this.state = state;
            var settings = new Properties();
            settings.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG, id,
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                StreamsConfig.STATE_DIR_CONFIG, state.toString(),
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100,
                StreamsConfig.POLL_MS_CONFIG, 50,
                StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class,
                StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class,
                StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class,
                "auto.offset.reset", "earliest",
                "group.protocol", "streams"));
            settings.put("transaction.timeout.ms", 10_000);
            settings.putAll(more);
            streams = new KafkaStreams(builder.build(), settings);
            streams.setUncaughtExceptionHandler(thrown -> {
                error.complete(thrown);
                return answer;
            });
        }

        App started() {
            streams.start();
            return this;
        }

        /** What ended its thread. */
        String failure() throws Exception {
            var thrown = error.get(60, TimeUnit.SECONDS);
            streams.close(Duration.ofSeconds(20));
            var message = String.valueOf(thrown.getMessage());
            if (thrown.getCause() != null && !message.contains(String.valueOf(thrown.getCause().getMessage()))) message += " / " + thrown.getCause().getMessage();
            return thrown.getClass().getSimpleName() + ": " + message.replaceAll("[\\w-]{8}(-[\\w-]{4}){3}-[\\w-]{12}|[A-Za-z0-9_-]{22}(?= )", "ID").replaceAll("\\d+ms", "N ms").replace("\n", " ").strip();
        }

        void close() {
            streams.close(Duration.ofSeconds(20));
        }
    }

    /** Writes lines of words until it is stopped, and knows how many of each. */
    private static final class Writer {
        private static final List<String> WORDS = List.of("tea", "milk", "bread", "jam", "honey", "salt", "rice", "oil");
        private final Map<String, Long> expected = new HashMap<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private volatile boolean isStopped;

        Writer(String topic, int partitions) {
            new Thread(() -> {
                try (var producer = producer()) {
                    for (int i = 0; !isStopped; i++) {
                        var line = List.of(WORDS.get(i % 8), WORDS.get(i * 3 % 8), WORDS.get((i * 5 + 1) % 8));
                        producer.send(new ProducerRecord<>(topic, i % partitions, null, String.join(" ", line)));
                        for (var word : line) expected.merge(word, 1L, Long::sum);
                        Thread.sleep(5);
                    }
                    producer.flush();
                    stopped.complete(null);
                } catch (Exception error) {
                    stopped.completeExceptionally(error);
                }
            }).start();
        }

        Map<String, Long> stop() throws Exception {
            isStopped = true;
            stopped.get(20, TimeUnit.SECONDS);
            return expected;
        }
    }

    /** Reads counts: the last of each word, and how many were not larger than the one before. */
    private static final class Reader implements AutoCloseable {
        final Map<String, Long> counts = new HashMap<>();
        int backward;
        private final KafkaConsumer<String, Long> consumer;

        Reader(String topic) {
            consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed", "auto.offset.reset", "earliest"), new StringDeserializer(), new LongDeserializer());
            consumer.assign(List.of(new org.apache.kafka.common.TopicPartition(topic, 0)));
        }

        void until(Predicate<Map<String, Long>> isEnough) throws Exception {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!isEnough.test(counts)) {
                if (System.nanoTime() > end) throw new IllegalStateException("counted " + counts);
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var before = counts.put(record.key(), record.value());
                    if (before != null && before >= record.value()) backward++;
                }
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer());
    }

    private static void topics(Object... namesAndPartitions) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (int i = 0; i < namesAndPartitions.length; i += 2) {
            topics.add(new NewTopic((String) namesAndPartitions[i], (int) namesAndPartitions[i + 1], (short) 1));
        }
        admin.createTopics(topics).all().get();
    }

    private static void groupConfig(String group, String name, String value) throws Exception {
        var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(change))).all().get();
    }

    private static StreamsGroupDescription describe(String group) throws Exception {
        return admin.describeStreamsGroups(List.of(group)).describedGroups().get(group).get();
    }

    private static StreamsGroupDescription settled(String group, int members) throws Exception {
        return awaited(group, described -> isSettled(described, members));
    }

    private static boolean isSettled(StreamsGroupDescription group, int members) {
        return group.members().size() == members && group.groupState() == GroupState.STABLE;
    }

    private static StreamsGroupDescription awaited(String group, Predicate<StreamsGroupDescription> test) throws Exception {
        var found = new StreamsGroupDescription[1];
        await(() -> {
            try {
                found[0] = describe(group);
            } catch (java.util.concurrent.ExecutionException unknown) {
                return false;
            }
            return test.test(found[0]);
        });
        return found[0];
    }

    private static void await(Callable<Boolean> test) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Throwable last = null;
        while (System.nanoTime() < end) {
            try {
                if (test.call()) return;
            } catch (org.apache.kafka.streams.errors.InvalidStateStoreException notYet) {
                last = notYet;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("waited for a minute", last);
    }

    private interface Role {
        List<StreamsGroupMemberAssignment.TaskIds> of(StreamsGroupMemberAssignment assignment);
    }

    private static TreeSet<String> names(Collection<StreamsGroupMemberAssignment.TaskIds> tasks) {
        return tasks.stream().flatMap(ids -> ids.partitions().stream().map(partition -> ids.subtopologyId() + "_" + partition)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** How many tasks members have, the most first. */
    private static List<Integer> sizes(StreamsGroupDescription group, Role role) {
        return group.members().stream().map(member -> names(role.of(member.assignment())).size()).sorted((a, b) -> b - a).toList();
    }

    private static Map<String, TreeSet<String>> actives(StreamsGroupDescription group) {
        return group.members().stream().collect(Collectors.toMap(StreamsGroupMemberDescription::memberId, member -> names(member.assignment().activeTasks())));
    }

    private static Map<String, TreeSet<String>> byInstance(StreamsGroupDescription group) {
        return group.members().stream().collect(Collectors.toMap(member -> member.instanceId().get(), member -> names(member.assignment().activeTasks())));
    }
}
