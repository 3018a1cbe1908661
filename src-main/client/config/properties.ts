import { UserError } from '../../base/user-error'

/** A configuration that cannot be used. The message is a sentence for the user. */
export class SettingsError extends UserError {
  override readonly name = 'SettingsError'
}

/** Names that only librdkafka has: a file with one of them is read without Java's escapes. */
const onlyLibrdkafka = [
  'metadata.broker.list',
  'sasl.mechanisms',
  'sasl.username',
  'ssl.ca.location',
  'ssl.ca.pem',
  'ssl.certificate.location',
  'ssl.certificate.pem',
  'ssl.key.location',
  'ssl.key.pem',
  'enable.ssl.certificate.verification',
]

/** Reads a Java properties file (java.util.Properties.load), or a librdkafka one: `key=value` in lines. The last of equal keys wins. */
export function readProperties(text: string): Map<string, string> {
  const plain = readPlain(text)
  return onlyLibrdkafka.some((name) => plain.has(name)) ? plain : readJava(text)
}

function readPlain(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^\s*([^#!=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (match) found.set(match[1] as string, match[2] as string)
  }
  return found
}

function readJava(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of logicalLines(text)) {
    // The key ends at the first `=`, `:` or blank that is not escaped.
    const match = /^((?:\\.|[^\\=:\s])*)(?:\s*[=:]\s*|\s+|$)([\s\S]*)$/.exec(line)
    if (match) found.set(unescaped(match[1] as string), unescaped(match[2] as string))
  }
  return found
}

/** Comments and empty lines are left out; a line that ends with an odd number of backslashes goes on in the next one. */
function logicalLines(text: string): string[] {
  const lines: string[] = []
  let open: string | undefined
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '')
    if (open === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue
    const whole = (open ?? '') + line
    if ((/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1) open = whole.slice(0, -1)
    else {
      lines.push(whole)
      open = undefined
    }
  }
  if (open !== undefined) lines.push(open)
  return lines
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, unicode: string | undefined, letter: string) =>
    unicode ? String.fromCharCode(Number.parseInt(unicode, 16)) : (escapes[letter] ?? letter),
  )
}

/** `org.x.PlainLoginModule required user="a" password="b";` */
export interface JaasConfig {
  /** The class without its package. */
  readonly module: string
  readonly options: ReadonlyMap<string, string>
}

/** Reads `sasl.jaas.config`. @throws SettingsError */
export function readJaas(text: string): JaasConfig {
  const match = /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\b([\s\S]*?);?\s*$/i.exec(text)
  if (!match) {
    throw new SettingsError(
      'sasl.jaas.config cannot be read; it needs the form LoginModuleClass required key="value" ...;',
    )
  }
  const options = new Map<string, string>()
  const rest = (match[2] as string).replace(
    /\s*([\w.-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s"';]+))/g,
    (_, name: string, double?: string, single?: string, bare?: string) => {
      options.set(name, (double ?? single ?? bare ?? '').replace(/\\(.)/g, '$1'))
      return ''
    },
  )
  // What is left may hold a password: it is not shown.
  if (rest.trim() !== '') throw new SettingsError('sasl.jaas.config has something that is not of the form key="value".')
  return { module: (match[1] as string).replace(/^.*[.$]/, ''), options }
}
