import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Comes by TLS: `SecureClient BOOTSTRAP TRUSTSTORE [KEYSTORE]`; prints how many nodes it sees, and whether it may make a topic, or the error. */
public class SecureClient {
    public static void main(String[] args) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", args[0], "security.protocol", "SSL",
            "ssl.truststore.location", args[1], "ssl.truststore.type", "JKS", "ssl.truststore.password", "changeit",
            "default.api.timeout.ms", 8000, "request.timeout.ms", 5000));
        if (args.length > 2) {
            settings.putAll(Map.of("ssl.keystore.location", args[2], "ssl.keystore.type", "PKCS12", "ssl.keystore.password", "changeit"));
        }
        try (var admin = Admin.create(settings)) {
            System.out.print("in " + admin.describeCluster().nodes().get().size() + ", ");
            admin.createTopics(List.of(new NewTopic("made", 1, (short) 1))).all().get();
            System.out.println("created");
        } catch (ExecutionException failed) {
            System.out.println("out " + failed.getCause().getClass().getSimpleName());
        }
    }
}
