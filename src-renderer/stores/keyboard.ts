/** The key that starts shortcuts on this system, as its users call it. */
export const modifier = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'
