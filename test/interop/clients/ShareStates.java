import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A share consumer that brings five records into every state that there is; before each step it waits for a line. */
public class ShareStates {
    private static final String NAME = "states";

    public static void main(String[] args) throws Exception {
        var steps = new BufferedReader(new InputStreamReader(System.in));
        prepare(args[0]);
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", args[0], "group.id", NAME, "client.id", "sorter", "share.acknowledgement.mode", "explicit");
        try (var consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(NAME));
            var first = poll(consumer);
            say("acquired", first);
            steps.readLine();
            var decisions = List.of(
                AcknowledgeType.ACCEPT, AcknowledgeType.RELEASE, AcknowledgeType.REJECT, AcknowledgeType.RELEASE, AcknowledgeType.ACCEPT);
            for (var record : first) consumer.acknowledge(record, decisions.get((int) record.offset()));
            consumer.commitSync();
            say("decided", first);
            steps.readLine();
            var second = poll(consumer);
            for (var record : second) consumer.acknowledge(record, record.offset() == 1 ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
            consumer.commitSync();
            say("exhausted", second);
            steps.readLine();
        }
    }

    /** Locks as long as they can be, so that they hold on a slow machine, and two deliveries of a record. */
    private static void prepare(String bootstrap) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(NAME, 1, (short) 1))).all().get();
            var configs = Map.of("share.auto.offset.reset", "earliest", "share.record.lock.duration.ms", "60000", "share.delivery.count.limit", "2");
            var ops = configs.entrySet().stream()
                .map(config -> new AlterConfigOp(new ConfigEntry(config.getKey(), config.getValue()), AlterConfigOp.OpType.SET)).toList();
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, NAME), ops)).all().get();
        }
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "linger.ms", "100");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 5; i++) producer.send(new ProducerRecord<>(NAME, "state " + i));
        }
    }

    /**
     * What one poll acquires: all that is there. It is a long one: each poll that finds nothing asks for a further fetch, and one that is asked for while records
     * arrive would acquire again what is released afterwards (ShareConsumeRequestManager.fetchMoreRecords).
     */
    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> seen = new ArrayList<>();
        while (seen.isEmpty()) consumer.poll(Duration.ofSeconds(60)).forEach(seen::add);
        return seen;
    }

    private static void say(String step, List<ConsumerRecord<String, String>> records) {
        System.out.println(step + " " + records.stream().map(record -> record.offset() + " x" + record.deliveryCount().get()).toList());
    }
}
