/** Carries messages between a page and the desk, in order, until it closes. Messages are plain JSON values. */
export interface Wire {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** What a page sends: a question, a feed to open, "send more of it", "close it". */
export type FromPage =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'open'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'more'; readonly id: number }
  | { readonly kind: 'close'; readonly id: number }

/** What the desk sends: an answer, items of a feed (as many as came together), or why there is none. A feed that is done ends with `done`. */
export type FromDesk =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'items'; readonly id: number; readonly items: readonly unknown[] }
  | { readonly kind: 'fail'; readonly id: number; readonly message: string }
