import type { CloseKind } from '../../../src-main/contract/exchanges'
import { counted } from '../../format/numbers'

export const texts = {
  title: 'Wire',
  find: 'Find a request',
  findPlaceholder: 'Filter: api:Fetch -client:app',
  fields: {
    api: 'the API, such as Produce',
    client: 'client id',
    topic: 'a topic of the request',
    error: 'error code, or why the connection was closed',
    address: 'host and port of the client',
    took: 'milliseconds until the answer',
    bytes: 'size of request and response',
    version: 'version of the API',
    connection: 'number of the connection',
    correlation: 'correlation id',
  },
  api: 'API',
  allApis: 'all APIs',
  errorsOnly: 'errors only',
  pause: 'Pause',
  resume: 'Resume',
  connect: 'Connect a client',
  noNoise: 'no noise',
  noiseTitle: 'Leaves out heartbeats, and fetches that found nothing',
  clear: 'Clear the list',
  waiting: (requests: number) => `▲ ${counted(requests, 'new request')}: show`,
  menu: {
    label: 'Request',
    without: (what: string) => `Without ${what}`,
    only: (what: string) => `Only ${what}`,
    connection: 'Only this connection',
    correlation: (id: number) => `Only correlation id ${id} of this connection`,
  },
  shown: (shown: string, all: number) => `${shown} of ${counted(all, 'request')}`,
  capturing: 'captured while this page is open',
  paused: 'paused: nothing is captured',
  missed: (requests: number) => `${counted(requests, 'request')} skipped: more came than a page can show`,
  table: 'Requests and responses',
  columns: {
    time: 'Time',
    client: 'Client',
    api: 'API',
    topics: 'Topics',
    error: 'Error',
    request: 'Request',
    response: 'Response',
    took: 'Took',
  },
  empty: 'Waiting for requests. Each request of a Kafka client appears here, with its response.',
  noMatch: 'No matching requests.',
  /** What came, in the place of an API. */
  noRequest: { http: 'HTTP request', tls: 'TLS handshake' } as Readonly<Record<string, string>>,
  noFrame: 'no Kafka request',
  apiVersion: (api: string, version: number | null) => (version === null ? api : `${api} v${version}`),
  /** Why a connection was closed: in the row, what happened, and what to do. */
  closed: {
    http: {
      row: 'HTTP on the Kafka port',
      what: 'An HTTP client connected to the Kafka port.',
      advice:
        'Kafka clients need host:port without http://. The schema registry and these pages have ports of their own.',
    },
    tls: {
      row: 'TLS on a plain listener',
      what: 'The client began a TLS handshake, and this listener does not encrypt.',
      advice:
        'Set security.protocol to PLAINTEXT (or SASL_PLAINTEXT) in the client, or connect it to a listener with TLS: Settings has the listeners.',
    },
    tooLong: {
      row: 'frame too long',
      what: 'The first four bytes are the length of the request, and this length is not allowed.',
      advice:
        'If the client does send requests that large, lower its batch size or max.request.size. Otherwise something that is not a Kafka client connected: look at its address.',
    },
    header: {
      row: 'header unreadable',
      what: 'The header of the request cannot be decoded.',
      advice:
        'The marked byte is the first one that makes no sense. Look for something that is not a Kafka client, or for a proxy that changes bytes.',
    },
    unknownApi: {
      row: 'unknown API',
      what: 'The request is for an API that this broker does not serve.',
      advice:
        'A client should first ask with ApiVersions what is served. Look whether it is made for another product or a newer Kafka.',
    },
    unknownVersion: {
      row: 'unsupported version',
      what: 'The request has a version of the API that this broker does not serve.',
      advice:
        'A client should choose a version that ApiVersions lists. Do not pin versions in it (api.version.request=true in librdkafka), or update it.',
    },
    body: {
      row: 'cannot be decoded',
      what: 'The header is fine, but the body is not what this API has in this version.',
      advice:
        'The marked byte is the first one that makes no sense; fields before it were read. Update the client, or look for a proxy that changes bytes.',
    },
    notAllowed: {
      row: 'not before the login',
      what: 'The client sent this before it logged in.',
      advice:
        'This listener asks for a login: set security.protocol, sasl.mechanism and sasl.jaas.config in the client.',
    },
    login: {
      row: 'login failed',
      what: 'The login failed. What the client sent is not shown, because it may be a password.',
      advice:
        'Check the name, the password and the mechanism. Security lists the users, and the requests that were denied.',
    },
    refused: {
      row: 'connection closed',
      what: 'The broker closed the connection instead of answering, as Kafka does here.',
      advice:
        'The client sees a disconnect, not an error. With acks=1 or acks=all it would get the error of a failed produce.',
    },
    storage: {
      row: 'could not be stored',
      what: 'The workspace could not be written, and this request has no answer that says so.',
      advice: 'Look at the free space of the disk, and at the log.',
    },
    fault: {
      row: 'mistake of Ottla',
      what: 'A mistake of Ottla closed the connection.',
      advice: 'The log has the details. Please report them together with a copy of this request.',
    },
  } satisfies Readonly<Record<CloseKind, { readonly row: string; readonly what: string; readonly advice: string }>>,
  pane: {
    label: (name: string) => name,
    closed: 'Connection closed',
    noClientId: 'no client id',
    request: (size: string) => `Request, ${size}`,
    response: (size: string) => `Response, ${size}`,
    received: (size: string) => `Received, ${size}`,
    unreadable: 'The request cannot be decoded.',
    noResponse: 'There was no response.',
    facts: {
      client: 'Client',
      address: 'Address',
      connection: 'Connection',
      correlation: 'Correlation id',
      time: 'Time',
      took: 'Took',
      topics: 'Topics',
      group: 'Group',
      messages: 'Messages',
    },
    copy: 'Copy',
    copyAs: {
      text: 'As text',
      json: 'As JSON',
      requestHex: 'Request as hex',
      responseHex: 'Response as hex',
      kcat: 'As kcat command',
      correlation: 'Correlation id',
      address: 'Address',
    },
    copied: (what: string) => `Copied: ${what}.`,
    records: (records: number) => counted(records, 'record'),
    moreRecords: (records: number) => `and ${counted(records, 'more record')}`,
    place: (topic: string, partition: number) => `${topic}-${partition}`,
    placeAt: (topic: string, partition: number, offset: number) => `${topic}-${partition} at ${offset}`,
    fields: 'Fields',
    hex: 'Bytes',
    moreBytes: 'The rest is not shown.',
    bytesFrom: (offset: string) => `The bytes before ${offset} are not shown.`,
    bytes: (start: number, end: number) => `bytes ${start} to ${end}`,
  },
} as const
