import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Prints what the consumer of Java reads of some topics, from their starts to their ends: topic, offset, key, value. */
public class CompactedRead {
    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    public static void main(String[] args) {
        String bytes = "org.apache.kafka.common.serialization.ByteArrayDeserializer";
        Map<String, Object> settings = Map.of("bootstrap.servers", args[0], "enable.auto.commit", false, "isolation.level", "read_committed",
            "key.deserializer", bytes, "value.deserializer", bytes);
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings)) {
            for (String topic : List.of(args).subList(1, args.length)) {
                var partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seek(partition, 0);
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    for (var record : consumer.poll(Duration.ofMillis(500))) {
                        System.out.println(topic + " " + record.offset() + " " + text(record.key()) + " " + text(record.value()));
                    }
                }
            }
        }
    }
}
