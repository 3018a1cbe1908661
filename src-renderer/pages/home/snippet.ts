/** Address of the broker for a client. */
export interface Place {
  readonly host: string
  readonly port: string
  /** Port for containers; `null` while no listener is open for them. */
  readonly containerPort: string | null
  /** For `schema.registry.url`; absent where no registry is served. */
  readonly registryUrl?: string | null
}

/** One step of a snippet. Each one runs as it is copied, in the order install, produce, consume. */
export interface Step {
  readonly kind: 'install' | 'produce' | 'consume' | 'config'
  /** The file that the code is saved to; `null` for shell commands. */
  readonly file: string | null
  readonly code: string
}

/** How to connect with one client library: what to install, and programs that produce and consume. */
export interface Snippet {
  readonly id: string
  readonly label: string
  /** It runs in a container, where `localhost` is the container itself. */
  readonly forContainers?: true
  readonly steps: (place: Place) => readonly Step[]
}
