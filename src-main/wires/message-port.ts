import type { MessagePort } from 'node:worker_threads'
import type { Wire } from '../contract/wire'

/** A wire over a port of a thread: the window's page is at its other end. */
export function portWire(port: MessagePort): Wire {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}
