import type { InferredNote } from '../../../src-main/contract/topic-schemas'
import { counted, integer } from '../../format/numbers'

export const texts = {
  title: 'Schemas',
  find: 'Find a subject',
  findPlaceholder: 'Subject, type, id',
  type: 'Type',
  types: [
    ['', 'all types'],
    ['AVRO', 'Avro'],
    ['PROTOBUF', 'Protobuf'],
    ['JSON', 'JSON Schema'],
  ] as const,
  typeNames: { AVRO: 'Avro', PROTOBUF: 'Protobuf', JSON: 'JSON Schema' } as Readonly<Record<string, string>>,
  deleted: 'Show deleted subjects',
  register: 'Register a schema',
  summary: (subjects: number, versions: number) => `${counted(subjects, 'subject')}, ${counted(versions, 'version')}`,
  columns: {
    subject: 'Subject',
    type: 'Type',
    versions: 'Versions',
    id: 'Latest id',
    level: 'Compatibility',
    mode: 'Mode',
    registered: 'Registered',
  },
  own: 'set for this subject',
  allDeleted: 'deleted',
  empty: (url: string | null) =>
    url
      ? `No schemas yet. A serializer with schema.registry.url=${url} registers its first one by itself, or register one here.`
      : 'No schemas yet, and no registry is served: Ottla was started with --no-registry.',
  noMatch: 'No matching subjects.',
  notFound: (subject: string) =>
    `Subject ${subject} does not exist. It was deleted for good, or its name is different.`,
  allSubjects: 'All subjects',
  global: 'All subjects',
  level: 'Compatibility level',
  levelOfEach: 'Compatibility of all subjects',
  mode: 'Mode',
  levelOfAll: (level: string) => `as all subjects (${level})`,
  modeOfAll: 'as all subjects',
  levels: [
    'BACKWARD',
    'BACKWARD_TRANSITIVE',
    'FORWARD',
    'FORWARD_TRANSITIVE',
    'FULL',
    'FULL_TRANSITIVE',
    'NONE',
  ] as const,
  modes: ['READWRITE', 'READONLY', 'IMPORT'] as const,
  levelHints: {
    BACKWARD: 'The new version reads what the latest one wrote.',
    BACKWARD_TRANSITIVE: 'The new version reads what every version wrote.',
    FORWARD: 'The latest version reads what the new one writes.',
    FORWARD_TRANSITIVE: 'Every version reads what the new one writes.',
    FULL: 'The new version and the latest one read each other.',
    FULL_TRANSITIVE: 'The new version and every other one read each other.',
    NONE: 'Nothing is checked.',
  } as Readonly<Record<string, string>>,
  views: 'Views of the subject',
  tabs: { schema: 'Schema', fields: 'Fields', changes: 'Changes', use: 'Use', draft: 'New version' },
  version: 'Version',
  versionOption: (version: number, deleted: boolean) => `version ${version}${deleted ? ' (deleted)' : ''}`,
  facts: {
    id: 'Id',
    guid: 'GUID',
    registered: 'Registered',
    references: 'References',
    referrers: 'Referred to by',
    metadata: 'Metadata',
    ruleSet: 'Rules',
    state: 'State',
    softDeleted: 'deleted: found by its id, not listed',
    unknown: 'unknown',
  },
  ofVersion: (subject: string, version: number) => `${subject} version ${version}`,
  fieldColumns: { path: 'Field', type: 'Type', note: 'Default, label', doc: 'Documentation' },
  noFields: 'This schema has no fields.',
  changes: {
    from: 'From',
    to: 'To',
    one: 'A subject with one version has no changes yet.',
    backward: (to: number, from: number) => `Version ${to} reading what version ${from} wrote`,
    forward: (to: number, from: number) => `Version ${from} reading what version ${to} writes`,
    fine: '✓ reads all of it',
    text: 'Text',
  },
  use: {
    intro: 'Topics whose newest messages name this subject’s schemas (up to 200 messages of each partition).',
    none: 'None of the newest messages names a schema of this subject.',
    columns: { topic: 'Topic', part: 'Part', messages: 'Messages', versions: 'By version' },
    counts: (versions: readonly { readonly version: number; readonly messages: number }[]) =>
      versions.map(({ version, messages }) => `version ${version}: ${integer(messages)}`).join(', '),
  },
  draft: {
    schema: 'Schema',
    subject: 'Subject',
    subjectHint: 'orders-value',
    register: 'Register',
    discard: 'Discard changes',
    registered: (subject: string, version: number, id: number) => `Registered ${subject} version ${version}, id ${id}.`,
    trial: 'Before you register',
    waiting: 'Checking…',
    noText: 'Type or paste a schema: what it would mean appears here.',
    compatible: '✓ compatible',
    incompatible: '✕ incompatible',
    existing: (version: number) => `This is version ${version} already: registering it again changes nothing.`,
    messages: 'Newest messages',
    readable: (messages: number) => `✓ all ${integer(messages)} can be read with it`,
    unreadable: (unreadable: number, messages: number) =>
      `✕ ${integer(unreadable)} of ${integer(messages)} could not be read with it`,
    unknown: (unknown: number) => `${integer(unknown)} of them name no schema of this registry`,
    noMessages: 'No message names a schema of this subject yet.',
    readers: 'Readers of earlier versions',
    noBroken: '✓ each could read what is written with it',
    broken: (version: number) => `✕ readers of version ${version}: `,
  },
  references: {
    name: (index: number) => `Name of reference ${index + 1}`,
    nameHints: { AVRO: 'com.shop.Item', PROTOBUF: 'shop/item.proto', JSON: 'item.json' } as Readonly<
      Record<string, string>
    >,
    subject: (index: number) => `Subject of reference ${index + 1}`,
    version: (index: number) => `Version of reference ${index + 1}`,
    latest: 'latest version',
    add: 'Add a reference',
    none: 'There are no schemas to refer to yet.',
    remove: 'Remove',
    removeOne: (index: number) => `Remove reference ${index + 1}`,
  },
  infer: {
    action: 'Infer a schema…',
    title: (topic: string) => `A schema from the JSON in ${topic}`,
    fromTopic: 'From the JSON of a topic',
    chooseTopic: 'choose a topic',
    kinds: [
      ['AVRO', 'Avro'],
      ['JSON', 'JSON Schema'],
    ] as const,
    from: (messages: number, others: number) =>
      `From the newest ${counted(messages, 'message')}${others === 0 ? '' : `; ${integer(others)} of them are not JSON, or name a schema already, and were left out`}.`,
    none: 'None of them is JSON: there is nothing to infer a schema from.',
    notes: (count: number) => `${counted(count, 'thing')} to decide`,
    note: (note: InferredNote) => {
      const place = note.path === '' ? 'The value' : note.path
      switch (note.kind) {
        case 'optional':
          return `${place}: in ${integer(note.present)} of ${integer(note.of)} objects, so it is optional.`
        case 'nullable':
          return `${place}: null in ${integer(note.nulls)} of ${integer(note.of)} values.`
        case 'mixed':
          return `${place}: of several types (${note.types.join(', ')}).`
        case 'unknown':
          return `${place}: no value seen but null, or an empty list. Its type is a guess.`
        case 'large':
          return `${place}: whole numbers beyond 64 bits; double loses digits.`
        case 'renamed':
          return `${place}: Avro does not allow this name; the field is called ${note.name}.`
      }
    },
  },
  timeline: {
    part: 'Part of the messages',
    parts: { key: 'keys', value: 'values' } as const,
    looked: (looked: number, messages: number) =>
      looked >= messages
        ? `all ${counted(messages, 'message')}`
        : `a sample: ${integer(looked)} of ${counted(messages, 'message')}`,
    again: 'Refresh',
    none: { key: 'No message has a key.', value: 'No message has a value.' } as const,
    columns: { schema: 'Schema', messages: 'Messages', time: 'Over time', first: 'First', last: 'Last' },
    id: (id: number) => `id ${id}`,
    unknown: (name: string) => `id ${name}, which cannot be found`,
    unnamed: 'without a schema',
    strip: (messages: number, from: string, to: string) => `${counted(messages, 'message')} from ${from} to ${to}`,
    bar: (messages: number, at: string) => `${counted(messages, 'message')} from ${at}`,
    place: (partition: number, offset: number) => `${partition}:${integer(offset)}`,
  },
  decoding: {
    own: 'Messages are read with: this registry',
    none: 'Choose a registry for reading messages',
    other: (host: string) => `Messages are read with: ${host}`,
    lost: 'secret needed',
    title: 'Schemas for reading messages',
    about:
      'Keys and values that name a schema are decoded with this registry: on the Messages pages, in searches, filters and exports. Nothing is written to it.',
    which: 'Registry',
    ownChoice: 'This broker’s own registry',
    noneChoice: 'None',
    otherChoice: 'Another registry',
    url: 'Address',
    urlHint: 'https://registry.example.com:8081',
    auth: 'Authentication',
    auths: { none: 'none', basic: 'user and password', bearer: 'bearer token' } as const,
    user: 'User',
    password: 'Password',
    token: 'Token',
    keptSecret: 'entered; leave empty to keep it',
    ca: 'Certificates to trust (PEM)',
    caHint: 'Empty: those of the system',
    secretNote:
      'Passwords and tokens are kept in memory until the app is closed, never in the workspace file. To have them at every start, name them in a file: --decoding-registry FILE or OTTLA_DECODING_REGISTRY, with schema.registry.url, basic.auth.user.info or bearer.auth.token.',
    test: 'Test the connection',
    tested: (subjects: number) => `✓ It answers, with ${counted(subjects, 'subject')}.`,
    saved: (host: string | null) =>
      host === null
        ? 'Messages are read with this broker’s registry.'
        : `Messages are read with the registry at ${host}.`,
  },
  delete: {
    subject: 'Delete subject…',
    version: 'Delete version…',
    subjectTitle: (subject: string) => `Delete ${subject}?`,
    versionTitle: (subject: string, version: number) => `Delete version ${version} of ${subject}?`,
    soft: 'Its schemas stay readable by their ids, so messages can still be decoded. Serializers no longer find it. Registering one of them again brings it back.',
    permanent: 'It is gone for good: messages that name its ids can no longer be decoded. This cannot be undone.',
    action: 'Delete',
    forGood: 'Delete for good',
    forGoodSubject: 'Delete subject for good…',
    forGoodVersion: 'Delete version for good…',
    done: (what: string) => `Deleted ${what}.`,
  },
} as const
