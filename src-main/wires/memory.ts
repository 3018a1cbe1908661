import type { Wire } from '../contract/wire'

/** Two ends of a wire within one process, for tests. Messages are copied as a real wire would. */
export function memoryWires(): readonly [Wire, Wire] {
  const left = end()
  const right = end()
  return [left.to(right), right.to(left)]
}

function end() {
  const messages: ((message: unknown) => void)[] = []
  const closes: (() => void)[] = []
  const self = {
    deliver(message: unknown) {
      for (const listener of messages) listener(message)
    },
    ended() {
      for (const listener of closes.splice(0)) listener()
    },
    to: (other: { deliver(message: unknown): void; ended(): void }): Wire => ({
      send: (message) => other.deliver(JSON.parse(JSON.stringify(message))),
      onMessage: (listener) => void messages.push(listener),
      onClose: (listener) => void closes.push(listener),
      close() {
        self.ended()
        other.ended()
      },
    }),
  }
  return self
}
