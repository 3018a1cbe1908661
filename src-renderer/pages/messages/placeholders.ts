import type { PayloadDraft } from './payload-draft'

/** What placeholders are filled from. */
export interface Filling {
  /** Which of the messages it is, from 1. */
  readonly number: number
  /** ms. */
  readonly now: number
  /** From 0 to below 1. */
  readonly random: () => number
  readonly uuid: () => string
}

/** For the message with this number, now. */
export function fillingOf(number: number): Filling {
  return { number, now: Date.now(), random: Math.random, uuid: () => crypto.randomUUID() }
}

const fills: Readonly<Record<string, (filling: Filling, argument: string) => string | undefined>> = {
  n: ({ number }, argument) => (argument === '' ? String(number) : undefined),
  uuid: ({ uuid }, argument) => (argument === '' ? uuid() : undefined),
  now: ({ now }, argument) => (argument === '' ? String(now) : undefined),
  iso: ({ now }, argument) => (argument === '' ? new Date(now).toISOString() : undefined),
  int: ({ random }, argument) => {
    const [, low, high] = /^(-?\d{1,15})\s+(-?\d{1,15})$/.exec(argument) ?? []
    const [from, to] = [Number(low), Number(high)]
    return from <= to ? String(from + Math.floor(random() * (to - from + 1))) : undefined
  },
  pick: ({ random }, argument) => {
    const options = argument.split('|').map((option) => option.trim())
    return argument === '' ? undefined : options[Math.floor(random() * options.length)]
  },
}

/** `{{name}}` or `{{name argument}}` */
const placeholder = /\{\{\s*(\w+)\s*([^{}]*?)\s*\}\}/g

/** A text with its placeholders filled. @throws Error that names the first one that is unknown, or has no such argument */
export function filled(text: string, filling: Filling): string {
  return text.replace(placeholder, (whole, name: string, argument: string) => {
    const value = Object.hasOwn(fills, name) ? fills[name]?.(filling, argument) : undefined
    if (value === undefined) throw new UnknownPlaceholder(whole)
    return value
  })
}

export class UnknownPlaceholder extends Error {
  constructor(readonly placeholder: string) {
    super(placeholder)
  }
}

/** Only what is edited as text has placeholders: other bytes are sent as they are. */
export function filledDraft(draft: PayloadDraft, filling: Filling): PayloadDraft {
  return draft.form === 'text' ? { ...draft, text: filled(draft.text, filling) } : draft
}
