import type { ListenerLine } from '../../../src-main/contract/workspace'

/** Where a client finds the broker. */
export interface Place {
  readonly host: string
  readonly port: string
  /** Where containers find it; `null` while none can. */
  readonly containerPort: string | null
}

const hostOfContainers = 'host.docker.internal'

/** What a client on this machine, or in a container, dials. */
export function addressOf({ advertised, addresses: [first = 'localhost:9092'] }: ListenerLine): string {
  return advertised ?? first.replace(/^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])/, 'localhost')
}

/** @param listeners the first is the one that everybody uses */
export function placeOf(listeners: readonly ListenerLine[]): Place {
  const [host = 'localhost', port = '9092'] = listeners[0] ? addressOf(listeners[0]).split(':') : []
  const forContainers = listeners.find(
    ({ advertised, problem }) => problem === null && advertised?.startsWith(`${hostOfContainers}:`),
  )
  return { host, port, containerPort: forContainers?.advertised?.split(':')[1] ?? null }
}

/** How to connect, per client: text to paste. */
export interface Snippet {
  readonly id: string
  readonly label: string
  /** It runs in a container, from where `localhost` is another machine. */
  readonly forContainers?: true
  readonly code: (place: Place) => string
}

/** The containers' port that Settings proposes: 29092 beside 9092, as most compose files have it. */
export function containerPortFor(port: string): string {
  const far = Number(port) + 20_000
  return String(far <= 65_535 ? far : Number(port) - 1)
}

export const snippets: readonly Snippet[] = [
  {
    id: 'java',
    label: 'Java',
    code: ({ host, port }) => `var props = new Properties();
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
    code: ({ host, port }) => `# application.yaml
spring:
  kafka:
    bootstrap-servers: ${host}:${port}
    consumer:
      auto-offset-reset: earliest`,
  },
  {
    id: 'python',
    label: 'Python',
    code: ({ host, port }) => `from confluent_kafka import Producer

producer = Producer({"bootstrap.servers": "${host}:${port}"})
producer.produce("orders", key="order-1", value='{"total": 12}')
producer.flush()`,
  },
  {
    id: 'go',
    label: 'Go',
    code: ({ host, port }) => `client, err := kgo.NewClient(kgo.SeedBrokers("${host}:${port}"))
if err != nil { panic(err) }
defer client.Close()
client.ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("{}")})`,
  },
  {
    id: 'node',
    label: 'Node',
    code: ({ host, port }) => `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ brokers: ['${host}:${port}'] })
const producer = kafka.producer()
await producer.connect()
await producer.send({ topic: 'orders', messages: [{ key: 'order-1', value: '{"total":12}' }] })`,
  },
  {
    id: 'dotnet',
    label: '.NET',
    code: ({ host, port }) => `var config = new ProducerConfig { BootstrapServers = "${host}:${port}" };
using var producer = new ProducerBuilder<string, string>(config).Build();
await producer.ProduceAsync("orders", new() { Key = "order-1", Value = "{}" });`,
  },
  {
    id: 'rust',
    label: 'Rust',
    code: ({ host, port }) => `let producer: FutureProducer = ClientConfig::new()
    .set("bootstrap.servers", "${host}:${port}")
    .create()?;
producer.send(FutureRecord::to("orders").key("order-1").payload("{}"), Timeout::Never).await?;`,
  },
  {
    id: 'kcat',
    label: 'kcat',
    code: ({ host, port }) => `echo '{"total": 12}' | kcat -b ${host}:${port} -P -t orders -k order-1
kcat -b ${host}:${port} -C -t orders -o beginning`,
  },
  {
    id: 'docker',
    label: 'Docker',
    forContainers: true,
    // Docker Desktop knows the name by itself; on Linux it must be told.
    code: ({ port, containerPort }) => `docker run --rm --add-host=${hostOfContainers}:host-gateway \\
  edenhill/kcat:1.7.1 -b ${hostOfContainers}:${containerPort ?? containerPortFor(port)} -L`,
  },
  {
    id: 'compose',
    label: 'Compose',
    forContainers: true,
    code: ({ port, containerPort }) => `services:
  app:
    environment:
      KAFKA_BOOTSTRAP_SERVERS: ${hostOfContainers}:${containerPort ?? containerPortFor(port)}
    extra_hosts:  # Linux needs this; Docker Desktop does not mind
      - "${hostOfContainers}:host-gateway"`,
  },
  {
    id: 'wsl',
    label: 'WSL',
    code: ({ port }) => `# With mirrored networking, localhost:${port} works as it is. Without it, from WSL:
kcat -b "$(ip route show default | awk '{print $3}'):${port}" -L`,
  },
]
