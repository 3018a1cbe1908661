/** Actions that the palette starts on a page. The page that can run one listens while it is shown. */
export type Command = 'createTopic' | 'produce' | 'pause' | 'keys' | 'unlock'

const listeners = new Map<Command, Set<() => void>>()
/** A command that was given before its page was there. */
let waiting: Command | null = null

/** Runs `run` whenever the command is given. Returns a function that stops listening. */
export function onCommand(command: Command, run: () => void): () => void {
  const all = listeners.get(command) ?? new Set()
  listeners.set(command, all)
  all.add(run)
  if (waiting === command) {
    waiting = null
    // After the page is shown: a dialog that opens while its page mounts would lose the focus.
    queueMicrotask(run)
  }
  return () => all.delete(run)
}

/** A page listens for the command now. */
export function canRun(command: Command): boolean {
  return (listeners.get(command)?.size ?? 0) > 0
}

/** Gives a command to the page that is shown, or to the next one that listens for it. */
export function command(name: Command): void {
  const all = [...(listeners.get(name) ?? [])]
  if (all.length === 0) waiting = name
  for (const run of all) run()
}
