/** What the shell tells a page; the preload passes it on as a window message. */
export type ToPage =
  /** Go to a view, e.g. `/topics/orders`. */
  | { readonly ottla: 'view'; readonly view: string }
  /** Show what the keys do. */
  | { readonly ottla: 'keys' }
  /** Why the broker does not run: said to a page that would wait for it. */
  | { readonly ottla: 'stopped'; readonly why: string }
  /** Something that was asked for in the menu is done, or failed. */
  | { readonly ottla: 'said'; readonly kind: 'done' | 'problem'; readonly text: string }

/** What closing the last window does. */
export const closings = ['ask', 'tray', 'quit'] as const
export type Closing = (typeof closings)[number]
