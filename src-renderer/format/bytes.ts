const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Control characters other than tab and line breaks: such bytes are not readable text. */
const unprintable = /[^\P{Cc}\t\n\r]/u
const lineBytes = 16
const base64Line = 76

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Decodes UTF-8; undefined when the bytes are not valid. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    // Not UTF-8.
    return undefined
  }
}

/** Decodes readable UTF-8 text; encoding the text gives the same bytes. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = fromUtf8(bytes)
  return text === undefined || unprintable.test(text) ? undefined : text
}

/** Hex in lines of 16 bytes, as a hex editor shows them. */
export function hexOf(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += lineBytes) {
    lines.push(Array.from(bytes.subarray(at, at + lineBytes), (byte) => byte.toString(16).padStart(2, '0')).join(' '))
  }
  return lines.join('\n')
}

/** @throws Error that names the invalid character */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '')
  const wrong = /[^0-9a-f]/i.exec(digits)
  if (wrong) throw new Error(`"${wrong[0]}" is not a hex digit`)
  if (digits.length % 2 !== 0) throw new Error('a byte has two hex digits; the last one is missing')
  const bytes = new Uint8Array(digits.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

export function base64Of(bytes: Uint8Array): string {
  const step = 0x8000
  let binary = ''
  for (let at = 0; at < bytes.length; at += step) binary += String.fromCharCode(...bytes.subarray(at, at + step))
  return btoa(binary)
}

export function base64Lines(bytes: Uint8Array): string {
  return (base64Of(bytes).match(new RegExp(`.{1,${base64Line}}`, 'g')) ?? []).join('\n')
}

/** @throws Error when the text is not base64 */
export function fromBase64(text: string): Uint8Array {
  const packed = text.replace(/\s+/g, '')
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw new Error('this is not base64 (A to Z, a to z, 0 to 9, + and /, padded with = to groups of four)')
  }
  return Uint8Array.from(atob(packed), (char) => char.charCodeAt(0))
}
