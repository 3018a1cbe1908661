/** How to connect, per client: text to paste, for the address that the broker listens on. */
export interface Snippet {
  readonly id: string
  readonly label: string
  readonly code: (host: string, port: string) => string
}

export const snippets: readonly Snippet[] = [
  {
    id: 'java',
    label: 'Java',
    code: (host, port) => `var props = new Properties();
props.put("bootstrap.servers", "${host}:${port}");
props.put("key.serializer", StringSerializer.class.getName());
props.put("value.serializer", StringSerializer.class.getName());
try (var producer = new KafkaProducer<String, String>(props)) {
    producer.send(new ProducerRecord<>("orders", "order-1", "{\\"total\\": 12}"));
}`,
  },
  {
    id: 'spring',
    label: 'Spring',
    code: (host, port) => `# application.yaml
spring:
  kafka:
    bootstrap-servers: ${host}:${port}
    consumer:
      auto-offset-reset: earliest`,
  },
  {
    id: 'python',
    label: 'Python',
    code: (host, port) => `from confluent_kafka import Producer

producer = Producer({"bootstrap.servers": "${host}:${port}"})
producer.produce("orders", key="order-1", value='{"total": 12}')
producer.flush()`,
  },
  {
    id: 'go',
    label: 'Go',
    code: (host, port) => `client, err := kgo.NewClient(kgo.SeedBrokers("${host}:${port}"))
if err != nil { panic(err) }
defer client.Close()
client.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("{}")})`,
  },
  {
    id: 'node',
    label: 'Node',
    code: (host, port) => `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ brokers: ['${host}:${port}'] })
const producer = kafka.producer()
await producer.connect()
await producer.send({ topic: 'orders', messages: [{ key: 'order-1', value: '{"total":12}' }] })`,
  },
  {
    id: 'dotnet',
    label: '.NET',
    code: (host, port) => `var config = new ProducerConfig { BootstrapServers = "${host}:${port}" };
using var producer = new ProducerBuilder<string, string>(config).Build();
await producer.ProduceAsync("orders", new() { Key = "order-1", Value = "{}" });`,
  },
  {
    id: 'rust',
    label: 'Rust',
    code: (host, port) => `let producer: FutureProducer = ClientConfig::new()
    .set("bootstrap.servers", "${host}:${port}")
    .create()?;
producer.send(FutureRecord::to("orders").key("order-1").payload("{}"), Timeout::Never).await?;`,
  },
  {
    id: 'kcat',
    label: 'kcat',
    code: (host, port) => `echo '{"total": 12}' | kcat -b ${host}:${port} -P -t orders -k order-1
kcat -b ${host}:${port} -C -t orders -o beginning`,
  },
  {
    id: 'docker',
    label: 'Docker',
    code: (_, port) => `# Start Ottla with --host 0.0.0.0, then, from a container:
docker run --rm --add-host=host.docker.internal:host-gateway \\
  edenhill/kcat:1.7.1 -b host.docker.internal:${port} -L`,
  },
  {
    id: 'compose',
    label: 'Compose',
    code: (_, port) => `services:
  app:
    environment:
      KAFKA_BOOTSTRAP_SERVERS: host.docker.internal:${port}
    extra_hosts:
      - host.docker.internal:host-gateway`,
  },
  {
    id: 'wsl',
    label: 'WSL',
    code: (_, port) => `# With mirrored networking, localhost:${port} works as it is. Without it, from WSL:
kcat -b "$(ip route show default | awk '{print $3}'):${port}" -L`,
  },
]
