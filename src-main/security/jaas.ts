/** The options of one login module, as `sasl.jaas.config` gives them. */
export type JaasOptions = ReadonlyMap<string, string>

type Token = { readonly kind: 'word' | 'text' | 'number' | 'sign'; readonly text: string }

/** Whitespace and comments, a quoted text, a word, a number, or any other sign: java.io.StreamTokenizer with the settings of JaasConfig. */
const tokens =
  /(?:[\0- ]+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|\/[^\r\n]*)|"((?:[^"\\\r\n]|\\[\s\S])*)["\r\n]?|'((?:[^'\\\r\n]|\\[\s\S])*)['\r\n]?|([A-Za-z_$\u00a0-\uffff-][\w.$\u00a0-\uffff-]*)|([\d.][\w.$\u00a0-\uffff-]*)|([\s\S])/gu

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{0,2}|[4-7][0-7]?|[\s\S])/g, (_, escaped: string) =>
    /^[0-7]/.test(escaped) ? String.fromCharCode(Number.parseInt(escaped, 8)) : (escapes[escaped] ?? escaped),
  )
}

function* tokensOf(text: string): Generator<Token> {
  for (const [, double, single, word, number, sign] of text.matchAll(tokens)) {
    const quoted = double ?? single
    if (quoted !== undefined) yield { kind: 'text', text: unescaped(quoted) }
    else if (word !== undefined) yield { kind: 'word', text: word }
    else if (number !== undefined) yield { kind: 'number', text: number }
    else if (sign !== undefined) yield { kind: 'sign', text: sign }
  }
}

/**
 * Reads `Module required key=value ...;`: values may be bare words or in quotes of either kind, with escapes
 * (org.apache.kafka.common.security.JaasConfig). Options of all modules together.
 *
 * @throws Error with a sentence
 */
export function readJaas(config: string): JaasOptions {
  const all = [...tokensOf(config)]
  const options = new Map<string, string>()
  let at = 0
  const next = () => all[at++]
  const isSign = (token: Token | undefined, sign: string) => token?.kind === 'sign' && token.text === sign
  while (at < all.length) {
    next()
    if (!/^(?:required|requisite|sufficient|optional)$/i.test(next()?.text ?? '')) {
      throw new Error('a login module needs a control flag, such as required')
    }
    for (let key = next(); !isSign(key, ';'); key = next()) {
      if (!key) throw new Error('an entry must end with a semicolon')
      const equals = next()
      const value = next()
      if (!isSign(equals, '=') || (value?.kind !== 'word' && value?.kind !== 'text')) {
        throw new Error(`there is no value for ${key.text}; one that is not a plain word needs quotes`)
      }
      options.set(key.text, value.text)
    }
  }
  return options
}
