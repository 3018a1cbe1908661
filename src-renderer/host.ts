import { create } from 'zustand'
import { type Client, connect } from '../src-main/contract/client'
import type { Wire } from '../src-main/contract/wire'

/** Whether the broker answers. `lost` says why not, in a sentence. */
export interface HostState {
  readonly client: Client | null
  readonly lost: string | null
}

/** The connection to the broker: everything that the pages know comes through it. */
export const useHost = create<HostState>(() => ({ client: null, lost: null }))

const nextFrame = (run: () => void) => void requestAnimationFrame(run)
const retryMs = 1000

/** The page is in a window of the app, or in a browser. */
export const isDesktop = location.protocol === 'file:'

function attach(wire: Wire): void {
  const client = connect(wire, nextFrame)
  useHost.setState({ client, lost: null })
}

function lose(reason: string): void {
  useHost.setState({ client: null, lost: reason })
}

/** The window hands a port to us whenever it has a broker. */
function listenForPort(): void {
  window.addEventListener('message', (event) => {
    const data = event.data as { ottla?: string; view?: string } | null
    if (event.source !== window || !data?.ottla) return
    // The menu, and notifications, say where to go.
    if (data.ottla === 'view' && data.view !== undefined) location.hash = `#${data.view}`
    if (data.ottla !== 'port') return
    const port = event.ports[0]
    if (!port) return
    const closes: (() => void)[] = [() => lose('The broker has stopped.')]
    attach({
      send: (message) => port.postMessage(message),
      onMessage(listener) {
        port.addEventListener('message', ({ data }) => listener(data))
        port.start()
      },
      onClose: (listener) => void closes.push(listener),
      close: () => port.close(),
    })
    port.addEventListener('close', () => {
      for (const close of closes) close()
    })
  })
}

/** The token of the start-up line is kept for this address, so that a reload works, and a link in another tab. A broker that starts anew has another. */
function tokenOf(): string {
  const token = new URLSearchParams(location.search).get('token')
  if (token !== null) localStorage.setItem('token', token)
  return localStorage.getItem('token') ?? ''
}

function openSocket(token: string): void {
  const socket = new WebSocket(
    `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/wire?token=${token}`,
  )
  const closes: (() => void)[] = []
  let wasOpen = false
  socket.addEventListener('open', () => {
    wasOpen = true
    attach({
      send: (message) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
      onMessage: (listener) =>
        socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)) as unknown)),
      onClose: (listener) => void closes.push(listener),
      close: () => socket.close(),
    })
  })
  socket.addEventListener('close', () => {
    for (const close of closes) close()
    lose(
      wasOpen
        ? 'The broker has stopped. This page connects again when it is back.'
        : 'The broker does not answer this page. Open the address that it printed when it started, with its token.',
    )
    setTimeout(() => openSocket(token), retryMs)
  })
}

/** Connects to whatever serves this page. */
export function startHost(): void {
  if (isDesktop) listenForPort()
  else openSocket(tokenOf())
}

/** @throws AskError, whose message is for people */
export const ask: Client['ask'] = (name, input) => {
  const { client, lost } = useHost.getState()
  if (!client) return Promise.reject(new Error(lost ?? 'The broker is not there yet.'))
  return client.ask(name, input)
}
