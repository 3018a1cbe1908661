import type { Snippet } from './snippet'

/** A producer in transactions, and a consumer that gets only what was committed, in Python. */
export const transactionSnippet: Snippet = {
  id: 'transactions',
  label: 'Transactions, Python',
  steps: ({ host, port }) => [
    { kind: 'install', file: null, code: 'pip install confluent-kafka' },
    {
      kind: 'produce',
      file: 'produce.py',
      code: `from confluent_kafka import Producer

producer = Producer({
    "bootstrap.servers": "${host}:${port}",
    # One for each running program: a second one with the same id fences the first.
    "transactional.id": "checkout-1",
})
producer.init_transactions()
producer.begin_transaction()
producer.produce("orders", key="order-1", value='{"total": 12}')
producer.produce("payments", key="order-1", value='{"paid": 12}')
producer.flush()
# Until here read_committed consumers wait for this transaction in both topics.
producer.commit_transaction()`,
    },
    {
      kind: 'consume',
      file: 'consume.py',
      code: `from confluent_kafka import Consumer

consumer = Consumer({
    "bootstrap.servers": "${host}:${port}",
    "group.id": "billing",
    "auto.offset.reset": "earliest",
    "isolation.level": "read_committed",
})
consumer.subscribe(["orders", "payments"])
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
    },
  ],
}
