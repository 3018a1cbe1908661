import type { ListenerLine } from '../../../src-main/contract/workspace'
import { registrySnippets } from './registry-snippet'
import type { Place, Snippet, Step } from './snippet'
import { transactionSnippet } from './transaction-snippet'

export type { Place, Snippet, Step }

const hostOfContainers = 'host.docker.internal'

/** The address that a client on this machine, or in a container, connects to. */
export function addressOf({ advertised, addresses: [first = 'localhost:9092'] }: ListenerLine): string {
  return advertised ?? first.replace(/^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])/, 'localhost')
}

/** @param listeners the first is the default one */
export function placeOf(listeners: readonly ListenerLine[]): Place {
  const [host = 'localhost', port = '9092'] = listeners[0] ? addressOf(listeners[0]).split(':') : []
  const forContainers = listeners.find(
    ({ advertised, problem }) => problem === null && advertised?.startsWith(`${hostOfContainers}:`),
  )
  return { host, port, containerPort: forContainers?.advertised?.split(':')[1] ?? null }
}

/** The port for containers that Settings proposes: 29092 beside 9092, as in most compose files. */
export function containerPortFor(port: string): string {
  const far = Number(port) + 20_000
  return String(far <= 65_535 ? far : Number(port) - 1)
}

const addressFor = ({ host, port }: Place) => `${host}:${port}`
const containerAddress = ({ port, containerPort }: Place) =>
  `${hostOfContainers}:${containerPort ?? containerPortFor(port)}`

const shell = (kind: Step['kind'], code: string): Step => ({ kind, file: null, code })
const file = (kind: Step['kind'], name: string, code: string): Step => ({ kind, file: name, code })

const java: Snippet = {
  id: 'java',
  label: 'Java',
  steps: (place) => [
    shell(
      'install',
      `// Gradle; Maven takes the same coordinates
implementation("org.apache.kafka:kafka-clients:4.4.0")`,
    ),
    file(
      'produce',
      'Produce.java',
      `import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

public class Produce {
    public static void main(String[] args) throws Exception {
        var props = new Properties();
        props.put("bootstrap.servers", "${addressFor(place)}");
        props.put("key.serializer", StringSerializer.class.getName());
        props.put("value.serializer", StringSerializer.class.getName());
        try (var producer = new KafkaProducer<String, String>(props)) {
            var record = new ProducerRecord<>("orders", "order-1", "{\\"total\\": 12}");
            System.out.println("written to " + producer.send(record).get());
        }
    }
}`,
    ),
    file(
      'consume',
      'Consume.java',
      `import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

public class Consume {
    public static void main(String[] args) {
        var props = new Properties();
        props.put("bootstrap.servers", "${addressFor(place)}");
        props.put("group.id", "billing");
        props.put("auto.offset.reset", "earliest");
        props.put("key.deserializer", StringDeserializer.class.getName());
        props.put("value.deserializer", StringDeserializer.class.getName());
        try (var consumer = new KafkaConsumer<String, String>(props)) {
            consumer.subscribe(List.of("orders"));
            while (true) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    System.out.println(record.key() + " " + record.value());
                }
            }
        }
    }
}`,
    ),
  ],
}

const spring: Snippet = {
  id: 'spring',
  label: 'Spring',
  steps: (place) => [
    shell(
      'install',
      `// Boot 3: org.springframework.kafka:spring-kafka
implementation("org.springframework.boot:spring-boot-starter-kafka")`,
    ),
    file(
      'config',
      'application.yaml',
      `spring:
  kafka:
    bootstrap-servers: ${addressFor(place)}
    consumer:
      group-id: billing
      auto-offset-reset: earliest`,
    ),
    file(
      'produce',
      'Producer.java',
      `import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration
class Producer {
    @Bean
    ApplicationRunner produce(KafkaTemplate<String, String> kafka) {
        return args -> kafka.send("orders", "order-1", "{\\"total\\": 12}");
    }
}`,
    ),
    file(
      'consume',
      'Consumer.java',
      `import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

@Component
class Consumer {
    @KafkaListener(topics = "orders")
    void consume(String value) {
        System.out.println(value);
    }
}`,
    ),
  ],
}

const python: Snippet = {
  id: 'python',
  label: 'Python',
  steps: (place) => [
    shell('install', 'pip install confluent-kafka'),
    file(
      'produce',
      'produce.py',
      `from confluent_kafka import Producer

producer = Producer({"bootstrap.servers": "${addressFor(place)}"})
producer.produce("orders", key="order-1", value='{"total": 12}')
producer.flush()`,
    ),
    file(
      'consume',
      'consume.py',
      `from confluent_kafka import Consumer

consumer = Consumer({
    "bootstrap.servers": "${addressFor(place)}",
    "group.id": "billing",
    "auto.offset.reset": "earliest",
})
consumer.subscribe(["orders"])
try:
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            print("error:", message.error(), flush=True)
        else:
            print(message.key(), message.value(), flush=True)
except KeyboardInterrupt:
    pass
finally:
    consumer.close()`,
    ),
  ],
}

const go: Snippet = {
  id: 'go',
  label: 'Go',
  steps: (place) => [
    shell('install', 'go mod init orders && go get github.com/twmb/franz-go@latest'),
    file(
      'produce',
      'produce.go',
      `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	client, err := kgo.NewClient(
		kgo.SeedBrokers("${addressFor(place)}"),
		kgo.AllowAutoTopicCreation(),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	record := &kgo.Record{Topic: "orders", Key: []byte("order-1"), Value: []byte(\`{"total": 12}\`)}
	if err := client.ProduceSync(context.Background(), record).FirstErr(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("written at offset", record.Offset)
}`,
    ),
    file(
      'consume',
      'consume.go',
      `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	client, err := kgo.NewClient(
		kgo.SeedBrokers("${addressFor(place)}"),
		kgo.ConsumerGroup("billing"),
		kgo.ConsumeTopics("orders"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for {
		fetches := client.PollFetches(context.Background())
		fetches.EachError(func(topic string, partition int32, err error) {
			log.Fatal(topic, " ", partition, ": ", err)
		})
		fetches.EachRecord(func(record *kgo.Record) {
			fmt.Println(string(record.Key), string(record.Value))
		})
	}
}`,
    ),
  ],
}

const node: Snippet = {
  id: 'node',
  label: 'Node',
  steps: (place) => [
    shell('install', 'npm install kafkajs'),
    file(
      'produce',
      'produce.mjs',
      `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ brokers: ['${addressFor(place)}'] })
const producer = kafka.producer()
await producer.connect()
await producer.send({ topic: 'orders', messages: [{ key: 'order-1', value: '{"total":12}' }] })
await producer.disconnect()`,
    ),
    file(
      'consume',
      'consume.mjs',
      `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ brokers: ['${addressFor(place)}'] })
const consumer = kafka.consumer({ groupId: 'billing' })
await consumer.connect()
await consumer.subscribe({ topic: 'orders', fromBeginning: true })
await consumer.run({
  async eachMessage({ message }) {
    console.log(String(message.key), String(message.value))
  },
})`,
    ),
  ],
}

const dotnet: Snippet = {
  id: 'dotnet',
  label: '.NET',
  steps: (place) => [
    shell('install', 'dotnet add package Confluent.Kafka'),
    file(
      'produce',
      'Program.cs',
      `using Confluent.Kafka;

var config = new ProducerConfig { BootstrapServers = "${addressFor(place)}" };
using var producer = new ProducerBuilder<string, string>(config).Build();
var result = await producer.ProduceAsync(
    "orders", new Message<string, string> { Key = "order-1", Value = "{\\"total\\": 12}" });
Console.WriteLine($"written to {result.TopicPartitionOffset}");`,
    ),
    file(
      'consume',
      'Program.cs',
      `using Confluent.Kafka;

var config = new ConsumerConfig
{
    BootstrapServers = "${addressFor(place)}",
    GroupId = "billing",
    AutoOffsetReset = AutoOffsetReset.Earliest,
};
using var consumer = new ConsumerBuilder<string, string>(config).Build();
consumer.Subscribe("orders");
while (true)
{
    var result = consumer.Consume();
    Console.WriteLine($"{result.Message.Key} {result.Message.Value}");
}`,
    ),
  ],
}

const rust: Snippet = {
  id: 'rust',
  label: 'Rust',
  steps: (place) => [
    shell('install', 'cargo add rdkafka --features cmake-build && cargo add tokio --features full'),
    file(
      'produce',
      'src/bin/produce.rs',
      `use rdkafka::config::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::util::Timeout;

#[tokio::main]
async fn main() -> Result<(), rdkafka::error::KafkaError> {
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", "${addressFor(place)}")
        .create()?;
    let record = FutureRecord::to("orders").key("order-1").payload("{\\"total\\": 12}");
    let written = producer.send(record, Timeout::Never).await.map_err(|(error, _)| error)?;
    println!("written: {written:?}");
    Ok(())
}`,
    ),
    file(
      'consume',
      'src/bin/consume.rs',
      `use rdkafka::config::ClientConfig;
use rdkafka::consumer::{Consumer, StreamConsumer};
use rdkafka::message::Message;

#[tokio::main]
async fn main() -> Result<(), rdkafka::error::KafkaError> {
    let consumer: StreamConsumer = ClientConfig::new()
        .set("bootstrap.servers", "${addressFor(place)}")
        .set("group.id", "billing")
        .set("auto.offset.reset", "earliest")
        .create()?;
    consumer.subscribe(&["orders"])?;
    loop {
        let message = consumer.recv().await?;
        println!("{:?}", message.payload_view::<str>());
    }
}`,
    ),
  ],
}

const kcat: Snippet = {
  id: 'kcat',
  label: 'kcat',
  steps: (place) => [
    shell('install', 'sudo apt install kcat  # macOS: brew install kcat'),
    shell('produce', `echo 'order-1:{"total": 12}' | kcat -b ${addressFor(place)} -P -t orders -K :`),
    shell('consume', `kcat -b ${addressFor(place)} -C -u -t orders -o beginning -f '%k %s\\n'`),
  ],
}

/** Docker Desktop resolves the name by itself; Docker on Linux needs the option. */
const dockerRun = `docker run --rm -i --add-host=${hostOfContainers}:host-gateway edenhill/kcat:1.7.1`

const docker: Snippet = {
  id: 'docker',
  label: 'Docker',
  forContainers: true,
  steps: (place) => [
    shell('produce', `echo 'order-1:{"total": 12}' | ${dockerRun} -b ${containerAddress(place)} -P -t orders -K :`),
    shell('consume', `${dockerRun} -b ${containerAddress(place)} -C -u -t orders -o beginning`),
  ],
}

const compose: Snippet = {
  id: 'compose',
  label: 'Compose',
  forContainers: true,
  steps: (place) => [
    file(
      'config',
      'compose.yaml',
      `services:
  app:
    image: edenhill/kcat:1.7.1  # your image
    command: -b ${containerAddress(place)} -C -u -t orders -o beginning
    environment:
      KAFKA_BOOTSTRAP_SERVERS: ${containerAddress(place)}
    extra_hosts:  # needed on Linux, harmless elsewhere
      - "${hostOfContainers}:host-gateway"`,
    ),
    shell(
      'produce',
      `echo 'order-1:{"total": 12}' | docker compose run -T --rm app -b ${containerAddress(place)} -P -t orders -K :`,
    ),
    shell('consume', 'docker compose up'),
  ],
}

/** Address of the Windows host inside WSL without mirrored networking. */
const wslHost = `$(ip route show default | awk '{print $3}')`

const wsl: Snippet = {
  id: 'wsl',
  label: 'WSL',
  steps: ({ port }) => [
    shell('install', `sudo apt install kcat  # with mirrored networking, localhost:${port} works as it is`),
    shell('produce', `echo 'order-1:{"total": 12}' | kcat -b "${wslHost}:${port}" -P -t orders -K :`),
    shell('consume', `kcat -b "${wslHost}:${port}" -C -u -t orders -o beginning`),
  ],
}

/** Kinds of clients, as they are offered. */
export const snippetKinds = [
  { id: 'languages', snippets: [java, spring, python, go, node, dotnet, rust] },
  { id: 'schemas', snippets: registrySnippets },
  { id: 'transactions', snippets: [transactionSnippet] },
  { id: 'shell', snippets: [kcat, wsl] },
  { id: 'containers', snippets: [docker, compose] },
] as const

export const snippets: readonly Snippet[] = snippetKinds.flatMap((kind): readonly Snippet[] => kind.snippets)
