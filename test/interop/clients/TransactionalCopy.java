import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/** Copies a topic exactly once, partition by partition; dies without a word at the step that it is told, so that another one must go on. */
public class TransactionalCopy {
    private static String crash;

    private static void step(String name) {
        if (crash.equals(name)) Runtime.getRuntime().halt(9);
    }

    public static void main(String[] args) {
        String source = args[1], target = args[2];
        crash = args[3];
        int count = Integer.parseInt(args[4]);
        String text = "org.apache.kafka.common.serialization.String";
        Map<String, Object> writing = Map.of("bootstrap.servers", args[0], "transactional.id", "copy", "transaction.timeout.ms", 60000,
            "reconnect.backoff.max.ms", 500, "key.serializer", text + "Serializer", "value.serializer", text + "Serializer");
        Map<String, Object> reading = Map.of("bootstrap.servers", args[0], "group.id", "copy", "group.protocol", "consumer", "auto.offset.reset", "earliest",
            "enable.auto.commit", false, "isolation.level", "read_committed", "max.poll.records", 7, "reconnect.backoff.max.ms", 500,
            "key.deserializer", text + "Deserializer", "value.deserializer", text + "Deserializer");
        try (var producer = new KafkaProducer<String, String>(writing); var consumer = new KafkaConsumer<String, String>(reading)) {
            producer.initTransactions();
            step("init");
            consumer.subscribe(List.of(source));
            int copied = 0;
            while (!again(() -> isDone(consumer, source, count))) {
                ConsumerRecords<String, String> records = again(() -> consumer.poll(Duration.ofMillis(200)));
                if (records.isEmpty()) continue;
                try {
                    copy(producer, consumer, records, target);
                    copied += records.count();
                    if (copied >= 20) step("committed");
                } catch (ProducerFencedException | AuthorizationException fatal) {
                    throw fatal;
                } catch (KafkaException abortable) {
                    System.err.println("aborts: " + abortable);
                    producer.abortTransaction();
                    again(() -> rewind(consumer));
                }
            }
            System.out.println("copied " + copied);
        }
    }

    /** Until it is done: a consumer's question fails with DisconnectException when the broker dies while it is under way. */
    private static <T> T again(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (RetriableException retriable) {
                System.err.println("asks again: " + retriable);
            }
        }
    }

    private static void copy(KafkaProducer<String, String> producer, KafkaConsumer<String, String> consumer, ConsumerRecords<String, String> records,
        String target) {
        producer.beginTransaction();
        step("begin");
        for (var record : records) producer.send(new ProducerRecord<>(target, record.partition(), null, record.value()));
        producer.flush();
        step("produced");
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (var partition : records.partitions()) offsets.put(partition, new OffsetAndMetadata(consumer.position(partition)));
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        step("offsets");
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException again) {
                System.err.println("commits again: " + again);
            }
        }
    }

    /** The group has committed every record of the source. */
    private static boolean isDone(KafkaConsumer<String, String> consumer, String source, int count) {
        var assigned = consumer.assignment();
        if (assigned.isEmpty()) return false;
        var ends = consumer.endOffsets(assigned);
        long read = 0;
        for (var entry : consumer.committed(assigned).entrySet()) if (entry.getValue() != null) read += entry.getValue().offset();
        return read == count && ends.values().stream().mapToLong(Long::longValue).sum() == count;
    }

    private static boolean rewind(KafkaConsumer<String, String> consumer) {
        for (var entry : consumer.committed(consumer.assignment()).entrySet()) {
            if (entry.getValue() == null) consumer.seekToBeginning(List.of(entry.getKey()));
            else consumer.seek(entry.getKey(), entry.getValue());
        }
        return true;
    }
}
