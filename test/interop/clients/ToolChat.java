import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.regex.*;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.internals.Exit;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/**
 * Kafka's command-line tools, many in one JVM: {@code ToolChat SERVER SASL FOLDER SCRIPT}. Runs each line of SCRIPT that begins with "$ ", and
 * prints it with what the tool prints and its exit code. {@code <<< 'text'} is its input; SASL and FOLDER in a line are the arguments,
 * HMAC is that of the last delegation token.
 * Besides the tools there are: write, produce, consumer, streams, transaction.
 */
public class ToolChat {
    static final Map<String, String> TOOLS = Map.ofEntries(
        Map.entry("kafka-topics", "TopicCommand"), Map.entry("kafka-configs", "ConfigCommand"), Map.entry("kafka-acls", "AclCommand"),
        Map.entry("kafka-consumer-groups", "consumer.group.ConsumerGroupCommand"), Map.entry("kafka-groups", "GroupsCommand"),
        Map.entry("kafka-transactions", "TransactionsCommand"), Map.entry("kafka-producer-perf-test", "ProducerPerformance"),
        Map.entry("kafka-consumer-perf-test", "ConsumerPerformance"), Map.entry("kafka-get-offsets", "GetOffsetShell"),
        Map.entry("kafka-delete-records", "DeleteRecordsCommand"), Map.entry("kafka-leader-election", "LeaderElectionCommand"),
        Map.entry("kafka-log-dirs", "LogDirsCommand"), Map.entry("kafka-features", "FeatureCommand"),
        Map.entry("kafka-metadata-quorum", "MetadataQuorumCommand"), Map.entry("kafka-client-metrics", "ClientMetricsCommand"),
        Map.entry("kafka-delegation-tokens", "DelegationTokenCommand"), Map.entry("kafka-cluster", "ClusterTool"),
        Map.entry("kafka-console-producer", "ConsoleProducer"), Map.entry("kafka-console-consumer", "consumer.ConsoleConsumer"),
        Map.entry("kafka-share-groups", "consumer.group.ShareGroupCommand"),
        Map.entry("kafka-streams-groups", "streams.StreamsGroupCommand"), Map.entry("kafka-console-share-consumer", "consumer.ConsoleShareConsumer"),
        Map.entry("kafka-reassign-partitions", "reassign.ReassignPartitionsCommand"), Map.entry("kafka-e2e-latency", "EndToEndLatency"));
    /** What a line may hold: 'quoted', or a word. */
    static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    static final class Exited extends Error {
        Exited() {
            super(null, null, false, false);
        }
    }

    static String server;
    /** What the tool that runs has printed, how it ended first, and how much it had printed then. */
    static volatile ByteArrayOutputStream said;
    static volatile Integer status;
    static volatile int end;
    /** The HMAC of the delegation token that was printed last. */
    static String hmac = "";
    static final Pattern TOKEN = Pattern.compile("^[\\w-]{22} (\\S{88}) ", Pattern.MULTILINE);

    /** A tool catches this as any other error and says so: only the first exit counts. */
    static void exit(int code) {
        System.out.flush();
        if (status == null) {
            status = code;
            end = said.size();
        }
        throw new Exited();
    }

    static final Map<String, Runnable> consumers = new HashMap<>();
    static final List<Producer<byte[], byte[]>> open = new ArrayList<>();

    static Map<String, Object> settings(Object... more) {
        var all = new HashMap<String, Object>(Map.of("bootstrap.servers", server));
        for (int i = 0; i < more.length; i += 2) all.put((String) more[i], more[i + 1]);
        return all;
    }

    static Producer<byte[], byte[]> producer(Object... more) {
        return new KafkaProducer<>(settings(more), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** produce TOPIC PARTITION COUNT FIRST_TIMESTAMP: a batch per record, a second apart. */
    static void produce(List<String> args) throws Exception {
        try (var producer = producer("enable.idempotence", false)) {
            for (int i = 0; i < Integer.parseInt(args.get(2)); i++) {
                producer.send(new ProducerRecord<>(args.get(0), Integer.parseInt(args.get(1)), Long.parseLong(args.get(3)) + i * 1000L, null, ("value " + i).getBytes())).get();
            }
        }
    }

    /** consumer NAME GROUP PROTOCOL TOPIC: reads and commits in the background once it has partitions; consumer NAME close. */
    static void consumer(List<String> args) throws Exception {
        if (args.get(1).equals("close")) {
            consumers.remove(args.get(0)).run();
            return;
        }
        var ready = new CountDownLatch(1);
        var stopped = new CompletableFuture<Void>();
        var consumer = new KafkaConsumer<>(settings("client.id", args.get(0), "group.id", args.get(1), "group.protocol", args.get(2), "auto.offset.reset", "earliest",
            "enable.auto.commit", false), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var thread = new Thread(() -> {
            try (consumer) {
                consumer.subscribe(List.of(args.get(3)));
                while (true) {
                    consumer.poll(Duration.ofMillis(100));
                    if (consumer.assignment().isEmpty()) continue;
                    // Until it has read all that there is.
                    var ends = consumer.endOffsets(consumer.assignment());
                    if (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) == end.getValue())) continue;
                    consumer.commitSync();
                    ready.countDown();
                }
            } catch (org.apache.kafka.common.errors.WakeupException asked) {
                // It was closed.
            } finally {
                stopped.complete(null);
            }
        });
        thread.setDaemon(true);
        thread.start();
        if (!ready.await(20, TimeUnit.SECONDS)) throw new IllegalStateException("no partitions");
        consumers.put(args.get(0), () -> {
            consumer.wakeup();
            stopped.join();
        });
    }

    /** streams NAME APPLICATION TOPIC: counts its records by their value until it is closed, once it has its tasks; streams NAME close. */
    static void streams(List<String> args) throws Exception {
        if (args.get(1).equals("close")) {
            consumers.remove(args.get(0)).run();
            return;
        }
        var application = args.get(1);
        var builder = new StreamsBuilder();
        builder.<byte[], String>stream(args.get(2)).groupBy((key, value) -> value, Grouped.as("by-value")).count(org.apache.kafka.streams.kstream.Materialized.as("counts"));
        var properties = new Properties();
        properties.putAll(settings("application.id", application, "client.id", args.get(0), "group.protocol", "streams", "auto.offset.reset", "earliest",
            "commit.interval.ms", 100, "state.dir", Files.createTempDirectory("tool-chat").toString(),
            "dsl.store.suppliers.class", BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class,
            "default.key.serde", Serdes.StringSerde.class, "default.value.serde", Serdes.StringSerde.class));
        var streams = new KafkaStreams(builder.build(), properties);
        streams.start();
        try (var admin = org.apache.kafka.clients.admin.Admin.create(settings())) {
            for (long end = System.nanoTime() + 30_000_000_000L; ; Thread.sleep(100)) {
                if (System.nanoTime() > end) throw new IllegalStateException("not running");
                if (streams.state() != KafkaStreams.State.RUNNING) continue;
                var offsets = admin.listConsumerGroupOffsets(application).partitionsToOffsetAndMetadata().get();
                var partitions = offsets.keySet();
                var ends = admin.listOffsets(partitions.stream().collect(java.util.stream.Collectors.toMap(each -> each, each -> org.apache.kafka.clients.admin.OffsetSpec.latest()))).all().get();
                // Until it has read all that there is, and has committed it.
                if (partitions.stream().anyMatch(each -> each.topic().endsWith("-repartition"))
                    && offsets.entrySet().stream().allMatch(each -> each.getValue().offset() == ends.get(each.getKey()).offset())) break;
            }
        }
        consumers.put(args.get(0), () -> streams.close(Duration.ofSeconds(20)));
    }

    /** transaction ID TOPIC: begins one, writes a record, and leaves it open. */
    static void transaction(List<String> args) throws Exception {
        var producer = producer("transactional.id", args.get(0), "transaction.timeout.ms", 600000);
        open.add(producer);
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(args.get(1), 0, null, "open".getBytes())).get();
    }

    static void run(String name, List<String> args, Path folder, String input) throws Throwable {
        switch (name) {
            case "write" -> Files.writeString(folder.resolve(args.get(0)), input);
            case "produce" -> produce(args);
            case "consumer" -> consumer(args);
            case "streams" -> streams(args);
            case "transaction" -> transaction(args);
            default -> {
                var all = new ArrayList<>(args);
                if (!args.contains("--bootstrap-server")) all.addAll(name.equals("kafka-cluster") ? args.size() : 0, List.of("--bootstrap-server", server));
                System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
                Class.forName("org.apache.kafka.tools." + TOOLS.get(name)).getMethod("main", String[].class).invoke(null, (Object) all.toArray(String[]::new));
            }
        }
    }

    public static void main(String[] args) throws Exception {
        server = args[0];
        var folder = Path.of(args[2]);
        Exit.setExitProcedure((code, message) -> exit(code));
        Exit.setHaltProcedure((code, message) -> exit(code));
        // A tool may leave work to the end of its process: the console producer sends its last records there.
        var hooks = new ArrayList<Runnable>();
        Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
        var out = System.out;
        var errors = System.err;
        for (var line : Files.readAllLines(Path.of(args[3]))) {
            if (!line.startsWith("$ ")) continue;
            out.println(line);
            var parts = line.substring(2).split(" <<< ", 2);
            var words = WORD.matcher(parts[0].replace("SASL", args[1]).replace("FOLDER", args[2]).replace("HMAC", hmac)).results().map(word -> word.group(1) != null ? word.group(1) : word.group(2)).toList();
            var input = parts.length < 2 ? "" : parts[1].substring(1, parts[1].length() - 1).replace("\\n", "\n").replace("\\t", "\t").replace("FOLDER", args[2]);
            said = new ByteArrayOutputStream();
            status = null;
            var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
            System.setOut(stream);
            System.setErr(stream);
            long began = System.nanoTime();
            try {
                run(words.get(0), words.subList(1, words.size()), folder, input);
            } catch (Throwable thrown) {
                if (status == null) stream.println("threw " + (thrown instanceof java.lang.reflect.InvocationTargetException ? thrown.getCause() : thrown));
            }
            stream.flush();
            var text = said.toString(StandardCharsets.UTF_8);
            if (status != null) text = new String(said.toByteArray(), 0, end, StandardCharsets.UTF_8);
            hooks.forEach(Runnable::run);
            hooks.clear();
            hmac = TOKEN.matcher(text).results().map(found -> found.group(1)).findFirst().orElse(hmac);
            // How it is used, what the logger says of itself, and where in the tool an error came from, are not the broker's.
            text.lines().takeWhile(printed -> !printed.matches("Option .*Description *"))
                .filter(printed -> !printed.startsWith("SLF4J:") && !printed.startsWith("\tat ") && !printed.matches("\t\\.\\.\\. \\d+ more")).forEach(out::println);
            if (status != null && status != 0) out.println("exit " + status);
            long took = (System.nanoTime() - began) / 1_000_000;
            if (took > 1000) errors.println(took + " ms: " + line);
        }
        out.flush();
        Runtime.getRuntime().halt(0);
    }
}
