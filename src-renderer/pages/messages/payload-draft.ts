import type { Payload } from '../../../src-main/contract/messages'
import { base64Lines, base64Of, fromBase64, fromHex, hexOf, textOf, utf8 } from '../../format/bytes'

/** The form in which the bytes of a key, value or header are edited. `kept`: they are sent unchanged. */
export type Form = 'text' | 'hex' | 'base64' | 'null' | 'kept'

export const forms: readonly Form[] = ['text', 'hex', 'base64', 'null', 'kept']

export interface PayloadDraft {
  readonly form: Form
  readonly text: string
  /** A text field has one kind of line break; that of the bytes is kept here. */
  readonly lineBreak: '\n' | '\r\n'
  /** Bytes that are too large to show. */
  readonly kept: Uint8Array | null
  /** The draft before null was chosen, to return to it. */
  readonly before: PayloadDraft | null
}

export const emptyDraft: PayloadDraft = { form: 'text', text: '', lineBreak: '\n', kept: null, before: null }
export const nullDraft: PayloadDraft = { ...emptyDraft, form: 'null' }

/** Larger payloads are shown as base64, which is shorter. */
const hexBytes = 4096
/** Still larger payloads are shown on request only: a field with so many lines is slow. */
const shownBytes = 512 * 1024

/** A draft of existing bytes: as text only when the text encodes to the same bytes. */
export function draftOf(payload: Payload): PayloadDraft {
  if (payload === null) return nullDraft
  const bytes = typeof payload === 'string' ? utf8(payload) : fromBase64(payload.base64)
  if (bytes.length > shownBytes) return { ...emptyDraft, form: 'kept', kept: bytes }
  return textDraft(bytes) ?? (bytes.length > hexBytes ? base64Draft(bytes) : hexDraft(bytes))
}

/** @throws Error when the text is not valid in its form */
export function bytesOf({ form, text, lineBreak, kept }: PayloadDraft): Uint8Array | null {
  switch (form) {
    case 'null':
      return null
    case 'kept':
      return kept
    case 'hex':
      return fromHex(text)
    case 'base64':
      return fromBase64(text)
    default:
      return utf8(lineBreak === '\n' ? text : text.replace(/\n/g, lineBreak))
  }
}

/** @throws Error when the text is not valid in its form */
export function payloadOf(draft: PayloadDraft): Payload {
  const bytes = bytesOf(draft)
  return bytes && (textOf(bytes) ?? { base64: base64Of(bytes) })
}

/** The same bytes in another form; `undefined` when that form cannot hold them. */
export function inForm(draft: PayloadDraft, form: Form): PayloadDraft | undefined {
  if (form === draft.form) return draft
  if (form === 'kept') return undefined
  if (form === 'null') return { ...nullDraft, before: draft }
  if (draft.form === 'null') return draft.before ? inForm(draft.before, form) : { ...emptyDraft, form }
  const bytes = bytesIfAny(draft)
  if (!bytes) return undefined
  return form === 'text' ? textDraft(bytes) : form === 'hex' ? hexDraft(bytes) : base64Draft(bytes)
}

function bytesIfAny(draft: PayloadDraft): Uint8Array | null {
  try {
    return bytesOf(draft)
  } catch {
    // Incomplete hex or base64 stays in its form.
    return null
  }
}

function textDraft(bytes: Uint8Array): PayloadDraft | undefined {
  const text = textOf(bytes)
  if (text === undefined) return undefined
  if (!text.includes('\r')) return { ...emptyDraft, text }
  const lines = text.replace(/\r\n/g, '\n')
  // Mixed line breaks would become one kind.
  if (lines.includes('\r') || lines.replace(/\n/g, '\r\n') !== text) return undefined
  return { ...emptyDraft, text: lines, lineBreak: '\r\n' }
}

function hexDraft(bytes: Uint8Array): PayloadDraft {
  return { ...emptyDraft, form: 'hex', text: hexOf(bytes) }
}

function base64Draft(bytes: Uint8Array): PayloadDraft {
  return { ...emptyDraft, form: 'base64', text: base64Lines(bytes) }
}
