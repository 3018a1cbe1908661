/** Marks an integer that a double cannot hold, until the script's own world makes a BigInt of it. No JSON key has this by chance. */
export const integerMark = '\u0000integer'

/** Strings, which are passed over, or numbers of JSON. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** The JSON of a value in which integers beyond 2^53 are marked: JSON.parse would round them. */
export function markIntegers(json: string): string {
  return json.replace(tokens, (token) => (isLarge(token) ? `{${JSON.stringify(integerMark)}:"${token}"}` : token))
}

function isLarge(token: string): boolean {
  return token.length > 15 && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))
}

/** Strings, comments and regular expressions of a class, which are passed over, or integers of a script. */
const scriptTokens =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<![\w.$])\d{16,}(?![\w.])/g

/** A script whose integers beyond 2^53 are BigInts, as those of the values are: `value.id === 9223372036854775807` means what it says. */
export function exactIntegers(script: string): string {
  return script.replace(scriptTokens, (token) =>
    /^\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `${token}n` : token,
  )
}
