import type { JournalEntry } from '../broker/groups/journal'

/** Short names for the members and topics of a journal, so that its scenario is readable: `a-1` for a member id, `id-orders` for a topic's. */
export class ShortNames {
  /** Long id to short. */
  readonly #ids = new Map<string, string>()
  /** Short id to the member's client id and id. */
  readonly #members = new Map<string, string>()

  constructor(entries: readonly JournalEntry[]) {
    for (const { frame, event, context, group } of entries) {
      for (const { topicId, name } of context?.topics ?? []) this.#ids.set(topicId, `id-${name}`)
      for (const { memberId, clientId } of [...frame.members, ...(group?.value.members ?? [])])
        this.#add(memberId, clientId)
      if (event?.kind === 'join') this.#add(event.memberId || event.newMemberId, event.clientId)
      if (event?.kind === 'leave') for (const { memberId } of event.members) this.#add(memberId, '')
      if (frame.about) this.#add(frame.about, '')
    }
  }

  /** The same value with short ids. */
  shorten<T>(value: T): T {
    let text = JSON.stringify(value)
    for (const [long, short] of this.#ids) text = text.replaceAll(`"${long}"`, `"${short}"`)
    return JSON.parse(text) as T
  }

  /** The long id of each short one, as comments. */
  get comments(): readonly string[] {
    return [...this.#members].map(([short, long]) => `# ${short} is ${long}`)
  }

  #add(memberId: string, clientId: string): void {
    if (memberId === '' || this.#ids.has(memberId)) return
    const number = this.#members.size
    const letters = `${number < 26 ? '' : String.fromCharCode(96 + Math.floor(number / 26))}${String.fromCharCode(97 + (number % 26))}`
    const short = `${letters}-${number + 1}`
    this.#ids.set(memberId, short)
    this.#members.set(short, memberId.startsWith(clientId) ? memberId : `${clientId} ${memberId}`)
  }
}
