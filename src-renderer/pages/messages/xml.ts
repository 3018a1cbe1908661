/** More deeply nested text is shown as it is. */
const maxDepth = 200

const tag = /<\/[^\s<>]+\s*>|<[^\s<>!?/](?:[^<>"']|"[^"<]*"|'[^'<]*')*>/y

interface Part {
  readonly kind: 'open' | 'close' | 'empty' | 'other' | 'text'
  readonly name: string
  readonly from: number
  readonly to: number
}

/**
 * XML with line breaks and indentation between elements, and nothing else changed: an element that holds text stays on its line, with all
 * that is in it. `undefined` for text that is not XML.
 *
 * @param isCut the end of the text is missing
 */
export function prettyXml(text: string, isCut = false): string | undefined {
  if (!/^\s*<[?!A-Za-z_]/.test(text)) return undefined
  const parts = partsOf(text, isCut)
  const ends = parts && endsOf(parts, isCut)
  return ends && printed(text, parts, ends)
}

/** `undefined` where a `<` begins nothing that XML knows. */
function partsOf(text: string, isCut: boolean): readonly Part[] | undefined {
  const parts: Part[] = []
  for (let at = 0; at < text.length; ) {
    const part = text[at] === '<' ? markupAt(text, at) : textAt(text, at)
    if (!part && !isCut) return undefined
    const { kind, to } = part ?? { kind: 'text', to: text.length }
    if (kind !== 'text' || text.slice(at, to).trim() !== '')
      parts.push(part ?? { kind: 'text', name: '', from: at, to })
    at = to
  }
  return parts
}

function textAt(text: string, from: number): Part {
  const end = text.indexOf('<', from)
  return { kind: 'text', name: '', from, to: end < 0 ? text.length : end }
}

/** A comment, CDATA, an instruction, a document type or a tag; `undefined` when it has no end. */
function markupAt(text: string, from: number): Part | undefined {
  const until = (kind: Part['kind'], end: string): Part | undefined => {
    const at = text.indexOf(end, from)
    return at < 0 ? undefined : { kind, name: '', from, to: at + end.length }
  }
  if (text.startsWith('<!--', from)) return until('other', '-->')
  if (text.startsWith('<![CDATA[', from)) return until('text', ']]>')
  if (text.startsWith('<?', from)) return until('other', '?>')
  if (text.startsWith('<!DOCTYPE', from)) return documentTypeAt(text, from)
  tag.lastIndex = from
  const [source] = tag.exec(text) ?? []
  if (source === undefined) return undefined
  const name = /^<\/?([^\s<>/]+)/.exec(source)?.[1] ?? ''
  const kind = source.startsWith('</') ? 'close' : source.endsWith('/>') ? 'empty' : 'open'
  return { kind, name, from, to: from + source.length }
}

/** Its own declarations stand in brackets. */
function documentTypeAt(text: string, from: number): Part | undefined {
  const [bracket, end] = [text.indexOf('[', from), text.indexOf('>', from)]
  const close = bracket >= 0 && bracket < end ? text.indexOf(']', bracket) : from
  const to = close < 0 ? -1 : text.indexOf('>', close)
  return to < 0 ? undefined : { kind: 'other', name: '', from, to: to + 1 }
}

/** Of elements that stay on one line: the part that closes each, by the part that opens it. `undefined` unless all fit together. */
function endsOf(parts: readonly Part[], isCut: boolean): ReadonlyMap<number, number> | undefined {
  const ends = new Map<number, number>()
  const open: { readonly at: number; hasText: boolean; hasParts: boolean }[] = []
  let elements = 0
  for (const [at, { kind, name }] of parts.entries()) {
    const parent = open.at(-1)
    if (kind === 'text') {
      if (!parent && !isCut) return undefined
      if (parent) parent.hasText = true
    } else if (kind === 'close') {
      const opened = open.pop()
      if (!opened || parts[opened.at]?.name !== name) return undefined
      if (opened.hasText || !opened.hasParts) ends.set(opened.at, at)
    } else {
      if (parent) parent.hasParts = true
      if (kind !== 'other') elements++
      if (kind === 'open' && open.push({ at, hasText: false, hasParts: false }) > maxDepth) return undefined
    }
  }
  return elements > 0 && (isCut || open.length === 0) ? ends : undefined
}

function printed(text: string, parts: readonly Part[], ends: ReadonlyMap<number, number>): string {
  const lines: string[] = []
  let depth = 0
  for (let at = 0; at < parts.length; at++) {
    const { kind, from } = parts[at] as Part
    if (kind === 'close') depth--
    const end = ends.get(at) ?? at
    lines.push('  '.repeat(depth) + text.slice(from, (parts[end] as Part).to).trim())
    if (end !== at) at = end
    else if (kind === 'open') depth++
  }
  return lines.join('\n')
}
