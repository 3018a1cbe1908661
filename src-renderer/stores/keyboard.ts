import { isDesktop } from '../host'

/** The key that starts shortcuts on this system, as its users call it. */
export const modifier = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

/** The shortcut of a page, as it is promised: a browser keeps the digits with Ctrl or ⌘ for its tabs. */
export function pageShortcut(key: string, inBrowser = !isDesktop): string | undefined {
  return inBrowser && /^\d$/.test(key) ? undefined : `${modifier} ${key}`
}
