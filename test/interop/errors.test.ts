import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { needsOpenssl } from '../support/certificates'
import { needsJava, runJava } from '../support/java'
import { needsPython, runPython } from '../support/python'
import { itNeeds } from '../support/require'
import { SecuredBroker } from '../support/secured-broker'

/*
 * Recorded on Apache Kafka 4.4.0 with the listeners PLAINTEXT, SASL_PLAINTEXT, SSL and SASL_SSL, certificates of a test authority as PEM stores, and
 * the settings of `support/secured-broker.ts`, which there are said per listener: `listener.name.NAME.plain.sasl.jaas.config`, and so on, with
 * OAuthBearerValidatorCallbackHandler for OAUTHBEARER. First Refusals.java, then refusals.py, on the same broker.
 */
let broker: SecuredBroker
beforeAll(async () => {
  broker = await SecuredBroker.start()
})
afterAll(() => broker.dispose())

const masks: readonly (readonly [RegExp, string])[] = [
  [/127\.0\.0\.1:\d+(\/\w+)?/g, 'SERVER'],
  [/\(after \d+ms in state/g, '(after N ms in state'],
  // Where its controller refuses, Kafka's message is a Java object printed. The error is compared, and that it is of the cluster.
  [/Request Request\(.*/g, 'Cluster authorization failed.'],
  // How Java says it depends on how many certificates the broker shows.
  [/PKIX path .*/g, 'PKIX path'],
  // Its metadata and its heartbeat are both refused; which of them Java shows is which came first.
  [/(?<=^consumer consume denied topic -> TopicAuthorizationException: ).+/gm, 'REFUSED'],
  // OpenSSL's error is the same; whether librdkafka meets it in its handshake or in a read of its transport is a race inside the client.
  [
    /_(?:SSL|TRANSPORT): (\w+:\/\/SERVER): (?:SSL handshake failed: )?(error:\w+:SSL routines::certificate verify failed).*/g,
    '_SSL: $1: $2',
  ],
  // Groups of the other client, where that has run.
  [/, '?team-python-\w+'?/g, ''],
]

/** Each thing that was tried, with the error that the client showed. */
function errors(text: string): Record<string, string> {
  const masked = masks.reduce((all, [pattern, by]) => all.replace(pattern, by), text)
  return Object.fromEntries(
    masked
      .trim()
      .split('\n')
      .map((line) => line.split(' -> ')) as [string, string][],
  )
}

/** What is accepted to differ: Java's TLS and OpenSSL end a handshake with alerts of their own (RFC 8446, 6.2); the client's error is the same. */
const alerts = {
  java: {
    'ssl without certificate':
      'SslAuthenticationException: Failed to process post-handshake messages <- SSLHandshakeException: Received fatal alert: certificate_required',
    'ssl with a certificate of another authority':
      'SslAuthenticationException: Failed to process post-handshake messages <- SSLHandshakeException: Received fatal alert: certificate_required',
  },
  librdkafka: {
    'ssl without certificate':
      '_TRANSPORT: ssl://SERVER: Receive failed: error:0A00045C:SSL routines::tlsv13 alert certificate required: SSL alert number 116 (after N ms in state APIVERSION_QUERY)',
    'ssl with a certificate of another authority':
      '_TRANSPORT: ssl://SERVER: Receive failed: error:0A00045C:SSL routines::tlsv13 alert certificate required: SSL alert number 116 (after N ms in state APIVERSION_QUERY)',
  },
}

const recorded = (name: string) => errors(readFileSync(join(__dirname, 'errors', name), 'utf8'))

describe('who is refused is told what Apache Kafka 4.4 tells', () => {
  itNeeds(
    [needsJava(), needsOpenssl(), needsPython('current', 'confluent_kafka', '2.11.1')],
    'by the client of Java, and by librdkafka',
    async () => {
      const java = errors(await runJava(join(__dirname, 'clients/Refusals.java'), [broker.stand]))
      expect(java).toEqual({ ...recorded('java-apache-kafka-4.4.0.txt'), ...alerts.java })
      const python = errors(await runPython('current', join(__dirname, 'clients/refusals.py'), [broker.stand]))
      expect(python).toEqual({ ...recorded('librdkafka-apache-kafka-4.4.0.txt'), ...alerts.librdkafka })
    },
    120_000,
  )
})
