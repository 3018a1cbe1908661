import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plays scenarios of share groups with the official client; each prints one line of what it saw. */
public class ShareGroups {
    private static String bootstrap;
    private static Admin admin;

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        implicit();
        explicit();
        exhausted();
        lockExpires();
        renew();
        closed();
        shared();
        oneByOne();
        reset();
        admin.close();
    }

    /** Each record once, acknowledged by the next poll and by close. */
    private static void implicit() throws Exception {
        prepare("implicit", 2, Map.of());
        produce("implicit", 2, 10);
        try (var consumer = consumer("implicit", Map.of())) {
            var seen = read(consumer, 10, null);
            consumer.commitSync();
            say("implicit", seen.size() + " records, counts " + counts(seen));
        }
        say("implicit", "lag " + lag("implicit", 2));
    }

    private static void explicit() throws Exception {
        prepare("explicit", 1, Map.of());
        produce("explicit", 1, 4);
        try (var consumer = consumer("explicit", Map.of("share.acknowledgement.mode", "explicit"))) {
            var first = read(consumer, 4, record -> switch ((int) record.offset()) {
                case 1 -> AcknowledgeType.RELEASE;
                case 2 -> AcknowledgeType.REJECT;
                default -> AcknowledgeType.ACCEPT;
            });
            var second = read(consumer, 1, record -> AcknowledgeType.ACCEPT);
            consumer.commitSync();
            say("explicit", offsets(first) + " then " + offsets(second) + " counts " + counts(second));
        }
        say("explicit", "lag " + lag("explicit", 1));
    }

    /** A record that is released again and again is archived after the fifth delivery. */
    private static void exhausted() throws Exception {
        prepare("exhausted", 1, Map.of());
        produce("exhausted", 1, 1);
        try (var consumer = consumer("exhausted", Map.of("share.acknowledgement.mode", "explicit"))) {
            List<Integer> deliveries = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                for (var record : read(consumer, 1, record -> AcknowledgeType.RELEASE)) deliveries.add((int) record.deliveryCount().get());
                consumer.commitSync();
            }
            say("exhausted", "deliveries " + deliveries + ", then " + poll(consumer, 1500).size());
        }
        say("exhausted", "lag " + lag("exhausted", 1));
    }

    private static void lockExpires() throws Exception {
        prepare("lock", 1, Map.of("share.record.lock.duration.ms", "1000"));
        produce("lock", 1, 2);
        try (var slow = consumer("lock", Map.of("share.acknowledgement.mode", "explicit"));
             var quick = consumer("lock", Map.of("share.acknowledgement.mode", "explicit"))) {
            var held = read(slow, 2, null);
            var again = read(quick, 2, record -> AcknowledgeType.ACCEPT);
            quick.commitSync();
            for (var record : held) slow.acknowledge(record, AcknowledgeType.ACCEPT);
            var results = slow.commitSync();
            Set<String> errors = new HashSet<>();
            results.values().forEach(result -> errors.add(result.map(error -> error.getClass().getSimpleName()).orElse("none")));
            say("lock", offsets(again) + " counts " + counts(again) + ", late: " + errors);
        }
    }

    /** A renewed record stays with its member for longer than one lock. */
    private static void renew() throws Exception {
        // Long enough that a slow machine renews in time.
        prepare("renew", 1, Map.of("share.record.lock.duration.ms", "3000"));
        produce("renew", 1, 1);
        try (var consumer = consumer("renew", Map.of("share.acknowledgement.mode", "explicit"));
             var other = consumer("renew", Map.of("share.acknowledgement.mode", "explicit"))) {
            var held = read(consumer, 1, null);
            int stolen = 0;
            for (int round = 0; round < 12; round++) {
                for (var record : held) consumer.acknowledge(record, AcknowledgeType.RENEW);
                // A renewed record is returned by poll again.
                held = read(consumer, 1, null);
                stolen += poll(other, 300).size();
            }
            for (var record : held) consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            consumer.commitSync();
            say("renew", "stolen " + stolen);
        }
        say("renew", "lag " + lag("renew", 1));
    }

    /** What a consumer held when it was closed goes to another one at once. */
    private static void closed() throws Exception {
        prepare("closed", 1, Map.of());
        produce("closed", 1, 3);
        var first = consumer("closed", Map.of("share.acknowledgement.mode", "explicit"));
        read(first, 3, null);
        first.close();
        try (var second = consumer("closed", Map.of())) {
            var again = read(second, 3, null);
            say("closed", offsets(again) + " counts " + counts(again));
        }
    }

    /** Three consumers of one partition: each record once. */
    private static void shared() throws Exception {
        prepare("shared", 1, Map.of());
        List<KafkaShareConsumer<String, String>> consumers = new ArrayList<>();
        for (int i = 0; i < 3; i++) consumers.add(consumer("shared", Map.of("max.poll.records", "10")));
        for (int round = 0; round < 3; round++) for (var consumer : consumers) poll(consumer, 300);
        produce("shared", 1, 300);
        Map<Long, Integer> seen = new TreeMap<>();
        long end = System.currentTimeMillis() + 30_000;
        while (seen.size() < 300 && System.currentTimeMillis() < end) {
            for (var consumer : consumers) {
                for (var record : consumer.poll(Duration.ofMillis(50))) seen.merge(record.offset(), 1, Integer::sum);
                consumer.commitSync();
            }
        }
        for (var consumer : consumers) consumer.close();
        say("shared", seen.size() + " records, twice " + seen.values().stream().filter(times -> times > 1).count());
    }

    /** record_limit: exactly one record of a batch of many. */
    private static void oneByOne() throws Exception {
        prepare("limit", 1, Map.of());
        produce("limit", 1, 20);
        Map<String, Object> settings = Map.of("share.acquire.mode", "record_limit", "max.poll.records", "1");
        try (var consumer = consumer("limit", settings); var other = consumer("limit", settings)) {
            int most = 0;
            Set<Long> seen = new HashSet<>();
            long end = System.currentTimeMillis() + 30_000;
            while (seen.size() < 20 && System.currentTimeMillis() < end) {
                for (var each : List.of(consumer, other)) {
                    int count = 0;
                    for (var record : each.poll(Duration.ofMillis(100))) {
                        seen.add(record.offset());
                        count++;
                    }
                    most = Math.max(most, count);
                }
            }
            say("limit", seen.size() + " records, at most " + most + " at once");
        }
    }

    private static void reset() throws Exception {
        prepare("reset", 1, Map.of());
        produce("reset", 1, 5);
        try (var consumer = consumer("reset", Map.of())) {
            read(consumer, 5, null);
            consumer.commitSync();
            String refused = "none";
            try {
                admin.alterShareGroupOffsets("reset", Map.of(new TopicPartition("reset", 0), 2L)).all().get();
            } catch (Exception error) {
                refused = error.getCause().getClass().getSimpleName();
            }
            say("reset", "while active: " + refused);
        }
        admin.alterShareGroupOffsets("reset", Map.of(new TopicPartition("reset", 0), 2L)).all().get();
        try (var consumer = consumer("reset", Map.of())) {
            say("reset", offsets(read(consumer, 3, null)));
            consumer.commitSync();
        }
        var described = admin.describeShareGroups(List.of("reset")).describedGroups().get("reset").get();
        say("reset", described.groupState() + " members " + described.members().size());
        admin.deleteShareGroups(List.of("reset")).all().get();
        say("reset", "groups " + admin.listGroups().all().get().stream().filter(group -> group.groupId().equals("reset")).count());
    }

    private static void prepare(String name, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        List<AlterConfigOp> ops = new ArrayList<>();
        ops.add(new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET));
        configs.forEach((key, value) -> ops.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, name), ops)).all().get();
    }

    private static void produce(String topic, int partitions, int records) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "linger.ms", "20");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < records; i++) producer.send(new ProducerRecord<>(topic, i % partitions, "k" + i, "v" + i));
            producer.flush();
        }
    }

    private static KafkaShareConsumer<String, String> consumer(String group, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        var consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(group));
        return consumer;
    }

    private interface Decision {
        AcknowledgeType of(ConsumerRecord<String, String> record);
    }

    /** Polls until there are so many records, and acknowledges each as decided; `null` leaves that to the caller. */
    private static List<ConsumerRecord<String, String>> read(KafkaShareConsumer<String, String> consumer, int wanted, Decision decision) {
        List<ConsumerRecord<String, String>> seen = new ArrayList<>();
        long end = System.currentTimeMillis() + 20_000;
        while (seen.size() < wanted && System.currentTimeMillis() < end) {
            for (var record : consumer.poll(Duration.ofMillis(200))) {
                seen.add(record);
                if (decision != null) consumer.acknowledge(record, decision.of(record));
            }
        }
        return seen;
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer, int ms) {
        List<ConsumerRecord<String, String>> seen = new ArrayList<>();
        consumer.poll(Duration.ofMillis(ms)).forEach(seen::add);
        return seen;
    }

    private static String offsets(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::offset).sorted().toList().toString();
    }

    private static String counts(List<ConsumerRecord<String, String>> records) {
        return new TreeMap<>(Map.of("distinct", records.stream().map(record -> record.deliveryCount().get()).distinct().sorted().toList())).get("distinct").toString();
    }

    private static long lag(String group, int partitions) throws Exception {
        var offsets = admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(group).get();
        long lag = 0;
        for (int i = 0; i < partitions; i++) lag += offsets.get(new TopicPartition(group, i)).lag().get();
        return lag;
    }

    private static void say(String scenario, String text) {
        System.out.println(scenario + ": " + text);
    }
}
