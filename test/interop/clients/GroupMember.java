import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One consumer of a group: prints each record it has processed and commits it. */
public class GroupMember {
    public static void main(String[] args) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", args[0], "group.id", args[2], "auto.offset.reset", "earliest",
            "enable.auto.commit", false, "group.protocol", args[3]));
        if (args[3].equals("classic")) {
            settings.put("session.timeout.ms", 6000);
            settings.put("heartbeat.interval.ms", 500);
        }
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var thread = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            consumer.wakeup();
            try {
                thread.join();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }));
        try (consumer) {
            consumer.subscribe(List.of(args[1]), new ConsumerRebalanceListener() {
                private void tell(String word, Collection<TopicPartition> partitions) {
                    for (var place : partitions) System.out.println(word + " " + place.partition() + " " + System.nanoTime());
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    tell("has", partitions);
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    tell("gives", partitions);
                }
            });
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    System.out.println("did " + record.partition() + " " + record.offset());
                    try {
                        consumer.commitSync(Map.of(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1)));
                    } catch (CommitFailedException | RebalanceInProgressException lost) {
                        System.err.println(lost.getMessage());
                    }
                }
            }
        } catch (WakeupException asked) {
            System.out.println("leaving");
        }
    }
}
