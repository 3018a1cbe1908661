import { type Credentials, type RestServer, startRestServer } from '../../src-main/rest/server'
import { TestBroker } from './core'

export interface RestReply {
  readonly status: number
  readonly json: unknown
  readonly type: string | null
}

/** A broker in this process with its registry's HTTP port. */
export class TestRest {
  readonly broker: TestBroker
  readonly server: RestServer

  private constructor(broker: TestBroker, server: RestServer) {
    this.broker = broker
    this.server = server
  }

  static async start(
    admits: (credentials: Credentials | null) => boolean = () => true,
    broker = new TestBroker(),
  ): Promise<TestRest> {
    const { schemas } = broker.core
    const server = await startRestServer({
      hosts: ['127.0.0.1', '::1'],
      port: 0,
      takesNext: true,
      access: {
        clusterId: 'cluster',
        now: () => broker.clock.now(),
        read: (look) => schemas.read(look),
        write: (operate) => schemas.write(operate),
      },
      admits,
      log: broker.core.log,
    })
    return new TestRest(broker, server)
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.port}`
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<RestReply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/vnd.schemaregistry.v1+json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json: unknown = text === '' ? null : JSON.parse(text)
    return { status: response.status, json, type: response.headers.get('content-type') }
  }

  get(path: string, headers: Record<string, string> = {}): Promise<RestReply> {
    return this.ask('GET', path, undefined, headers)
  }

  async register(subject: string, schema: string, more: Record<string, unknown> = {}): Promise<RestReply> {
    return await this.ask('POST', `/subjects/${encodeURIComponent(subject)}/versions`, { schema, ...more })
  }

  async dispose(): Promise<void> {
    await this.server.stop()
    await this.broker.dispose()
  }
}
