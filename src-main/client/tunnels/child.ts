import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { TunnelError } from './failure'

/** Text of a program that is kept, to say why it ended. */
const keptText = 2000

/** A program that carries a connection. */
export interface Carrier {
  readonly child: ChildProcessWithoutNullStreams
  /** Why it ended, with what it said last; undefined while it runs. */
  readonly failure: () => TunnelError | undefined
  /** Calls back when it has ended, also when it never started. */
  readonly onEnd: (ended: (failure: TunnelError) => void) => void
}

/** Starts a program; who asked for it ends it. */
export function carry(program: string, args: readonly string[]): Carrier {
  const child = spawn(program, args, { stdio: 'pipe', windowsHide: true })
  let said = ''
  let failure: TunnelError | undefined
  const listeners: ((failure: TunnelError) => void)[] = []
  const end = (text: string) => {
    if (failure) return
    failure = new TunnelError(text)
    for (const listener of listeners) listener(failure)
  }
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptText)
  })
  child.once('error', (error) => {
    const isMissing = 'code' in error && error.code === 'ENOENT'
    end(isMissing ? `${program} is not installed, or not on the PATH.` : `${program} did not start: ${error.message}.`)
  })
  child.once('close', (code) => {
    const last = said.trim().split('\n').at(-1)?.trim() ?? ''
    end(last === '' ? `${program} ended with exit code ${code}.` : `${program}: ${last.replace(/\.$/, '')}.`)
  })
  // A program that is gone takes no more bytes; its end says why.
  child.stdin.on('error', () => {})
  return {
    child,
    failure: () => failure,
    onEnd: (listener) => {
      if (failure) listener(failure)
      else listeners.push(listener)
    },
  }
}

/** The standard input and output of a program as a stream; the program ends with it. */
export class ChildStream extends Duplex {
  readonly #carrier: Carrier

  constructor(carrier: Carrier) {
    super()
    this.#carrier = carrier
    const { stdout } = carrier.child
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause()
    })
    carrier.onEnd((failure) => this.destroy(failure))
  }

  override _read(): void {
    this.#carrier.child.stdout.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // A program that is gone is reported by its end.
    this.#carrier.child.stdin.write(chunk, () => done())
  }

  override _final(done: () => void): void {
    this.#carrier.child.stdin.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#carrier.child.kill()
    done(error)
  }
}
