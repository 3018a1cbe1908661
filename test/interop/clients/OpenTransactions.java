import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Describes, lists and aborts a transaction that is really open, and lets one time out; says what it sees. */
public class OpenTransactions {
    private static final String text = "org.apache.kafka.common.serialization.String";
    private static String bootstrap;
    private static TopicPartition place;

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        place = new TopicPartition(args[1], 0);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            try (var done = producer("done", 60000)) {
                send(done, "done");
                done.commitTransaction();
            }
            look(admin);
            hang(admin);
            timeOut();
        }
    }

    private static void look(Admin admin) throws Exception {
        try (var open = producer("open", 60000)) {
            send(open, "open");
            var seen = admin.describeTransactions(List.of("open")).description("open").get();
            System.out.println("described " + seen.state() + " epoch " + seen.producerEpoch() + " timeout " + seen.transactionTimeoutMs() + " began "
                + (System.currentTimeMillis() - seen.transactionStartTimeMs().getAsLong() < 30000) + " in " + seen.topicPartitions());
            say("all", admin.listTransactions().all().get());
            say("ongoing", listed(admin, new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING))));
            say("of its producer", listed(admin, new ListTransactionsOptions().filterProducerIds(Set.of(seen.producerId()))));
            say("longer than 30 s", listed(admin, new ListTransactionsOptions().filterOnDuration(30000)));
            say("called d.*", listed(admin, new ListTransactionsOptions().filterOnTransactionalIdPattern("d.*")));
            open.abortTransaction();
        }
    }

    /** An administrator ends it in the partition, as where its coordinator had lost it. */
    private static void hang(Admin admin) throws Exception {
        try (var hanging = producer("hanging", 60000)) {
            send(hanging, "hanging");
            ProducerState state = null;
            for (var one : admin.describeProducers(List.of(place)).partitionResult(place).get().activeProducers())
                if (one.currentTransactionStartOffset().isPresent()) state = one;
            System.out.println("hanging at " + state.currentTransactionStartOffset().getAsLong() + " epoch " + state.producerEpoch() + " sequence "
                + state.lastSequence());
            var wrong = new AbortTransactionSpec(place, state.producerId(), (short) (state.producerEpoch() - 1), 0);
            if (state.producerEpoch() > 0) System.out.println("abort of the epoch before: " + error(admin, wrong));
            var right = new AbortTransactionSpec(place, state.producerId(), (short) state.producerEpoch(), state.coordinatorEpoch().orElse(0));
            System.out.println("abort: " + error(admin, right));
            readBehind("behind the hanging one");
            try {
                hanging.commitTransaction();
                System.out.println("its coordinator commits what is left");
            } catch (KafkaException error) {
                System.out.println("its commit: " + error.getClass().getSimpleName());
            }
        }
    }

    private static void timeOut() throws Exception {
        try (var slow = producer("slow", 1500)) {
            send(slow, "slow");
            readBehind("behind the slow one");
            try {
                slow.commitTransaction();
                System.out.println("the slow one committed");
            } catch (KafkaException error) {
                System.out.println("the slow one's commit: " + error.getClass().getSimpleName());
            }
        }
        try (var again = producer("slow", 60000)) {
            send(again, "in time");
            again.commitTransaction();
            System.out.println("the next one commits");
        }
    }

    private static KafkaProducer<String, String> producer(String transactionalId, int timeoutMs) {
        var producer = new KafkaProducer<String, String>(Map.of("bootstrap.servers", bootstrap, "transactional.id", transactionalId, "transaction.timeout.ms",
            timeoutMs, "key.serializer", text + "Serializer", "value.serializer", text + "Serializer"));
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(place.topic(), place.partition(), null, value)).get();
    }

    /** A consumer of committed records comes to what was written behind a transaction only when that is over. */
    private static void readBehind(String value) throws Exception {
        try (var plain = new KafkaProducer<String, String>(
            Map.of("bootstrap.servers", bootstrap, "key.serializer", text + "Serializer", "value.serializer", text + "Serializer"))) {
            send(plain, value);
        }
        try (var consumer = new KafkaConsumer<String, String>(Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed",
            "key.deserializer", text + "Deserializer", "value.deserializer", text + "Deserializer"))) {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith("," + value)) for (var record : consumer.poll(Duration.ofSeconds(30))) seen.append(",").append(record.value());
            System.out.println("read " + seen.substring(1));
        }
    }

    private static Collection<TransactionListing> listed(Admin admin, ListTransactionsOptions options) throws Exception {
        return admin.listTransactions(options).all().get();
    }

    private static void say(String what, Collection<TransactionListing> listings) {
        System.out.println("listed " + what + ": " + listings.stream().map(one -> one.transactionalId() + " " + one.state()).sorted().toList());
    }

    private static String error(Admin admin, AbortTransactionSpec spec) throws InterruptedException {
        try {
            admin.abortTransaction(spec).all().get();
            return "done";
        } catch (ExecutionException error) {
            return error.getCause().getClass().getSimpleName();
        }
    }
}
