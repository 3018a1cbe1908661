import { create } from 'zustand'
import { type Client, connect } from '../src-main/contract/client'
import type { Wire } from '../src-main/contract/wire'
import { notify } from './stores/notices'

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

/** What the shell tells a page (shell/page-messages.ts), beside the port of a broker. */
interface ShellMessage {
  readonly ottla?: string
  readonly view?: string
  readonly why?: string
  readonly kind?: 'done' | 'problem'
  readonly text?: string
}

/** The window hands a port to us whenever it has a broker, and tells what the menu and notifications ask for. */
function listenToShell(): void {
  window.addEventListener('message', (event) => {
    const data = event.data as ShellMessage | null
    if (event.source !== window || !data?.ottla) return
    if (data.ottla === 'view' && data.view !== undefined) location.hash = `#${data.view}`
    else if (data.ottla === 'stopped') lose(data.why ?? '')
    else if (data.ottla === 'said') notify({ kind: data.kind ?? 'done', text: data.text ?? '' })
    else if (data.ottla === 'port' && event.ports[0]) attachPort(event.ports[0])
  })
}

function attachPort(port: MessagePort): void {
  const closes: (() => void)[] = [
    // The shell says why, before or after.
    () => lose(useHost.getState().lost ?? 'The broker has stopped.'),
  ]
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
}

/** The token of the start-up line is kept for this address, so that a reload works, and a link in another tab. A broker that starts anew has another. */
function tokenOf(): string {
  const token = new URLSearchParams(location.search).get('token')
  if (token !== null) localStorage.setItem('token', token)
  return localStorage.getItem('token') ?? ''
}

/** A broker that serves this page and refuses its token was started again since: each start has a token of its own. */
async function whyUnanswered(): Promise<string> {
  try {
    await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' })
    return 'The broker was started again, and its pages have a new address. Open the one that it printed.'
  } catch {
    return 'No broker answers at this address. Start it, and open the address that it then prints.'
  }
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
    if (wasOpen) lose('The broker has stopped. Start it again, and open the address that it then prints.')
    else void whyUnanswered().then((why) => useHost.getState().client ?? lose(why))
    setTimeout(() => openSocket(token), retryMs)
  })
}

/** Connects to whatever serves this page. */
export function startHost(): void {
  if (isDesktop) listenToShell()
  else openSocket(tokenOf())
}

/** @throws AskError, whose message is for people */
export const ask: Client['ask'] = (name, input) => {
  const { client, lost } = useHost.getState()
  if (!client) return Promise.reject(new Error(lost ?? 'The broker is not there yet.'))
  return client.ask(name, input)
}
