import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records in every codec, idempotently, and reads them again. */
public class RoundTrip {
    public static void main(String[] args) throws Exception {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) roundTrip(args[0], args[1] + "-" + codec, codec);
        System.out.println("ok 5");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void roundTrip(String bootstrap, String topic, String codec) throws Exception {
        List<ProducerRecord<byte[], byte[]>> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] key = i % 5 == 0 ? null : i % 5 == 1 ? new byte[0] : bytes("key-" + i);
            byte[] value = i % 7 == 3 ? null : i % 7 == 4 ? new byte[0] : bytes(("value-" + i + "-").repeat(10));
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, value);
            if (i % 3 == 0) record.headers().add("a", bytes("1")).add("a", bytes("2")).add("null", null);
            expected.add(record);
        }
        expected.add(new ProducerRecord<>(topic, 0, bytes("large"), new byte[1_000_000]));
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "compression.type", codec, "max.request.size", 2_000_000);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            var sent = expected.stream().map(producer::send).toList();
            for (var future : sent) future.get();
        }
        Map<String, Object> reading = Map.of("bootstrap.servers", bootstrap, "max.partition.fetch.bytes", 2_000_000);
        try (var consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            int at = 0;
            long end = System.currentTimeMillis() + 30_000;
            while (at < expected.size() && System.currentTimeMillis() < end) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    var wanted = expected.get(at);
                    boolean same = record.offset() == at && Arrays.equals(record.key(), wanted.key())
                        && Arrays.equals(record.value(), wanted.value()) && Arrays.equals(record.headers().toArray(), wanted.headers().toArray());
                    if (!same) throw new IllegalStateException(codec + ": record " + at + " differs");
                    at++;
                }
            }
            if (at < expected.size()) throw new IllegalStateException(codec + ": read " + at + " of " + expected.size());
        }
    }
}
