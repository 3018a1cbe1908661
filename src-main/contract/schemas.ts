import { list, orNull, record, text, whole } from './check'

/** What changed in the list of subjects. */
export interface SchemasChange {
  /** The list begins again: subjects that came before are gone. The first item of a feed is one. */
  readonly isWhole: boolean
  /** Further lines of the whole list follow at once. */
  readonly goesOn: boolean
  /** The compatibility level and the mode of all subjects that have none of their own. */
  readonly level: string
  readonly mode: string
  /** Lines of subjects that are new, or are different now. Subjects whose versions are all soft-deleted too. */
  readonly changed: readonly SubjectLine[]
  /** Subjects without any version now. */
  readonly gone: readonly string[]
}

export interface SubjectLine {
  /** Qualified by its context unless that is the default one. */
  readonly subject: string
  /** AVRO, JSON or PROTOBUF: of the latest version. */
  readonly type: string
  /** Live versions; 0: all are soft-deleted. */
  readonly versions: number
  readonly deletedVersions: number
  readonly latestVersion: number
  readonly latestId: number
  readonly level: string
  /** The level is its own, not that of all. */
  readonly hasOwnLevel: boolean
  readonly mode: string
  /** When the latest version was registered, in ms; -1: unknown. */
  readonly registeredAt: number
}

export interface SubjectDetail extends SubjectLine {
  readonly hasOwnMode: boolean
  /** The newest first; soft-deleted ones too. */
  readonly all: readonly VersionDetail[]
}

export interface VersionDetail {
  readonly version: number
  readonly id: number
  readonly guid: string
  readonly type: string
  /** For people: JSON in lines. */
  readonly text: string
  readonly references: readonly SchemaReference[]
  /** Versions that refer to this one. */
  readonly referrers: readonly { readonly subject: string; readonly version: number }[]
  readonly fields: readonly SchemaField[]
  /** Messages of a Protobuf schema, and whatever else can be written with it. */
  readonly messages: readonly string[]
  readonly metadata: string | null
  readonly ruleSet: string | null
  readonly deleted: boolean
  readonly registeredAt: number
}

export interface SchemaField {
  /** `customer.address.city`; a Protobuf field with its number behind it. */
  readonly path: string
  readonly type: string
  /** Its default, `required`, and the like; '' for nothing. */
  readonly note: string
  readonly doc: string
}

export interface SchemaReference {
  readonly name: string
  readonly subject: string
  readonly version: number
}

/** What one schema cannot do with another. */
export interface SchemaDifference {
  readonly type: string
  readonly path: string
  readonly description: string
}

export interface SchemaComparison {
  /** What the newer one cannot read of the older one's data. */
  readonly backward: readonly SchemaDifference[]
  /** What the older one cannot read of the newer one's data. */
  readonly forward: readonly SchemaDifference[]
}

/** Topics whose messages name schemas of a subject, by the newest messages of each partition. */
export interface SchemaUse {
  readonly topic: string
  readonly part: 'key' | 'value'
  readonly messages: number
  readonly versions: readonly { readonly version: number; readonly messages: number }[]
}

/** What a draft would mean, before it is registered. */
export interface SchemaTrial {
  /** Why the text is no schema; `null` when it is one. */
  readonly problem: string | null
  readonly isCompatible: boolean
  /** Why it is not, at the level of the subject. */
  readonly messages: readonly string[]
  /** The version that has this schema already. */
  readonly existing: number | null
  /** By topic: the newest messages that name a schema, and how many of them a reader of the draft could not read. */
  readonly topics: readonly {
    readonly topic: string
    readonly part: 'key' | 'value'
    readonly messages: number
    readonly unreadable: number
    /** For the first schema that it cannot read. */
    readonly why: string | null
    /** Messages that name no schema of this registry. */
    readonly unknown: number
  }[]
  /** Versions whose readers could not read what is written with the draft. */
  readonly brokenReaders: readonly { readonly version: number; readonly why: string }[]
}

export interface EncodedValue {
  /** With the schema's id in front. */
  readonly base64: string
}

/** Why a value does not fit its schema, without a period. */
export type EncodedOrProblem = EncodedValue | { readonly problem: string }

const schemaText = text(5_000_000)
export const subjectName = text(1024)

export const schemaDraft = {
  subject: subjectName,
  type: text(20),
  schema: schemaText,
  references: list(record({ name: text(1000), subject: subjectName, version: whole(-1) }), 1000),
}

export const encodeInput = {
  subject: subjectName,
  version: orNull(whole(1)),
  /** Of Protobuf; `null` is the first. */
  message: orNull(text(1000)),
  json: text(15_000_000),
}

export const encodeManyInput = {
  subject: subjectName,
  version: orNull(whole(1)),
  message: orNull(text(1000)),
  values: list(text(15_000_000), 1000),
}
