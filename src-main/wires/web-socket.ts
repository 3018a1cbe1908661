import type { WebSocket } from 'ws'
import type { Wire } from '../contract/wire'

/** A wire over a WebSocket: a browser's page is at its other end. What is no JSON closes it. */
export function socketWire(socket: WebSocket): Wire {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage(listener) {
      socket.on('message', (data) => {
        let message: unknown
        try {
          message = JSON.parse(String(data))
        } catch {
          // No page of ours sends this.
          socket.close(1003)
          return
        }
        listener(message)
      })
    },
    onClose(listener) {
      socket.on('close', listener)
      socket.on('error', () => socket.terminate())
    },
    close: () => socket.close(),
  }
}
