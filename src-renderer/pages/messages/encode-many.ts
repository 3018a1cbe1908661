import { ask } from '../../host'
import type { FileMessage } from './import-file'
import { texts } from './texts'

/** The schema that values of a file are encoded with. */
export interface Encoding {
  readonly subject: string
  /** `null`: the latest. */
  readonly version: number | null
  /** Of Protobuf; `null` is the first. */
  readonly message: string | null
}

/** A line that was left out, and why. */
export interface RefusedLine {
  readonly line: number
  readonly why: string
}

const { notText } = texts.import.schema
/** One question has at most so many values, and about so many characters. */
const valuesAtOnce = 500
const charactersAtOnce = 1_000_000

/** Messages with their values encoded; those that do not fit the schema are left out. Null stays null: a tombstone has no schema. */
export async function encodedMessages(
  items: readonly FileMessage[],
  encoding: Encoding,
): Promise<{ readonly messages: FileMessage[]; readonly refused: RefusedLine[] }> {
  const messages: FileMessage[] = []
  const refused: RefusedLine[] = []
  let part: FileMessage[] = []
  let characters = 0
  const send = async () => {
    const values = part.map(({ message: { value } }) => (typeof value === 'string' ? value : null))
    const sent = values.filter((value) => value !== null)
    const answers = sent.length === 0 ? [] : await ask('schema.encodeMany', { ...encoding, values: sent })
    let next = 0
    for (const [i, item] of part.entries()) {
      if (item.message.value === null) messages.push(item)
      else if (values[i] === null) refused.push({ line: item.line, why: notText })
      else {
        const answer = answers[next++]
        if (answer && 'base64' in answer) messages.push({ ...item, message: { ...item.message, value: answer } })
        else refused.push({ line: item.line, why: answer?.problem ?? notText })
      }
    }
    part = []
    characters = 0
  }
  for (const item of items) {
    const { value } = item.message
    const size = typeof value === 'string' ? value.length : 0
    if (part.length >= valuesAtOnce || (part.length > 0 && characters + size > charactersAtOnce)) await send()
    part.push(item)
    characters += size
  }
  if (part.length > 0) await send()
  return { messages, refused }
}
