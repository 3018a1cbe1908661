import { create } from 'zustand'
import { type Client, connect } from '../src-main/contract/client'
import type { Contract, ReadName } from '../src-main/contract/contract'
import type { AnswerOf, InputOf } from '../src-main/contract/define'
import { shellMessageOf } from '../src-main/contract/shell'
import type { Wire } from '../src-main/contract/wire'
import type { ClusterLabel } from '../src-main/contract/workspace'
import { notify } from './stores/notices'
import { shared } from './texts'

/** Why there is no connection to the broker. */
export type Lost =
  /** It stopped; `why` is a sentence, empty when nothing is known. */
  | { readonly kind: 'stopped'; readonly why: string }
  /** There is no connection to a cluster elsewhere; `why` as above. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** Nothing answers at the address of this page. */
  | { readonly kind: 'noAnswer' }
  /** The broker runs, and this page has no token, or one that it does not accept. */
  | { readonly kind: 'noToken' }
  | { readonly kind: 'wrongToken' }

/** The connection to the broker. */
export interface HostState {
  readonly client: Client | null
  readonly lost: Lost | null
  /** The cluster elsewhere that this page shows or showed: its band stays while there is no connection. */
  readonly cluster: ClusterLabel | null
}

/** Everything that the pages know comes through this connection. */
export const useHost = create<HostState>(() => ({ client: null, lost: null, cluster: null }))

const nextFrame = (run: () => void) => void requestAnimationFrame(run)
const retryMs = 1000

/** The page is in a window of the app, not in a browser. */
export const isDesktop = location.protocol === 'file:'

function attach(wire: Wire): Client {
  const client = connect(wire, nextFrame)
  useHost.setState({ client, lost: null })
  return client
}

function lose(lost: Lost): void {
  useHost.setState({ client: null, lost })
}

/** What a port leads to: the broker of this app, or a cluster elsewhere. */
function kindOfStop(): 'stopped' | 'unreachable' {
  return useHost.getState().cluster ? 'unreachable' : 'stopped'
}

/** The window hands over a port whenever it has a broker, and passes on actions of the menu and of notifications. */
function listenToShell(): void {
  window.addEventListener('message', (event) => {
    const message = event.source === window ? shellMessageOf(event.data) : undefined
    if (message?.ottla === 'view') location.hash = `#${message.view}`
    else if (message?.ottla === 'cluster') useHost.setState({ cluster: message.cluster })
    else if (message?.ottla === 'stopped') lose({ kind: kindOfStop(), why: message.why })
    else if (message?.ottla === 'said') notify({ kind: message.kind, text: message.text })
    else if (message?.ottla === 'port' && event.ports[0]) attachPort(event.ports[0])
  })
}

function attachPort(port: MessagePort): void {
  const closes: (() => void)[] = [
    () => {
      // The page may have another port already. The shell says why, before or after.
      if (useHost.getState().client === own) lose(useHost.getState().lost ?? { kind: kindOfStop(), why: '' })
    },
  ]
  const own = attach({
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

const tokenKey = 'token'

/** The token of the address is stored for this origin, so that a reload works, and a link in another tab. */
function storedToken(): string | null {
  const token = new URLSearchParams(location.search).get(tokenKey)
  if (token !== null) localStorage.setItem(tokenKey, token)
  return localStorage.getItem(tokenKey)
}

/** The broker serves this page and rejects its token, or nothing answers at all. */
async function whyUnanswered(): Promise<Lost> {
  try {
    await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' })
    return { kind: 'wrongToken' }
  } catch {
    return { kind: 'noAnswer' }
  }
}

function openSocket(token: string): void {
  const socket = new WebSocket(
    `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/wire?token=${encodeURIComponent(token)}`,
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
    void whyUnanswered().then((lost) => {
      // A connection that was open had the right token: the broker stopped, or the machine slept.
      lose(wasOpen ? { kind: 'noAnswer' } : lost)
      // A token that was rejected is not sent again: each attempt is a warning in the broker's log.
      if (wasOpen || lost.kind === 'noAnswer') setTimeout(() => openSocket(token), retryMs)
    })
  })
}

/** Connects to whatever serves this page. */
export function startHost(): void {
  if (isDesktop) {
    listenToShell()
    return
  }
  const token = storedToken()
  if (token === null || token === '') lose({ kind: 'noToken' })
  else openSocket(token)
}

/** Connects with a token, or with the token of an address, that the user pasted. */
export function openWithToken(text: string): void {
  const given = text.trim()
  const token = /[?&]token=([^&#\s]*)/.exec(given)?.[1] ?? given
  localStorage.setItem(tokenKey, token)
  useHost.setState({ lost: null })
  openSocket(token)
}

/** What changes the cluster goes through `change` in stores/can.ts. @throws AskError, whose message is for users */
export function ask<N extends ReadName>(name: N, input: InputOf<Contract[N]>): Promise<AnswerOf<Contract[N]>> {
  const { client } = useHost.getState()
  if (!client) return Promise.reject(new Error(shared.brokerNotReady))
  return client.ask(name, input)
}
