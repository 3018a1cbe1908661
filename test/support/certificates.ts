import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Requirement } from './require'

/** That certificates can be made by a program that is not ours. */
export function needsOpenssl(): Requirement {
  return spawnSync('openssl', ['version']).status === 0 ? {} : { missing: 'no openssl' }
}

export interface Identity {
  readonly key: string
  readonly cert: string
}

/** A certificate authority for one test; its files go with `dispose`. */
export class TestAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ottla-ca-'))
  readonly cert: string
  /** The file with its certificate. */
  readonly file = join(this.#folder, 'ca.pem')

  constructor() {
    this.#openssl(['req', '-x509', ...newKey('ca'), '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority'])
    this.cert = this.#read('ca.pem')
  }

  /** A key and a certificate for `subject` (`/O=Shop/CN=orders`), valid for localhost or for other names. */
  issue(subject: string, names = 'DNS:localhost,IP:127.0.0.1'): Identity {
    writeFileSync(join(this.#folder, 'names.cnf'), `subjectAltName=${names}`)
    this.#openssl(['req', ...newKey('leaf'), '-out', 'leaf.csr', '-subj', subject])
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names.cnf']
    this.#openssl(['x509', '-req', '-in', 'leaf.csr', ...signing, '-out', 'leaf.pem'])
    return { key: this.#read('leaf.key'), cert: this.#read('leaf.pem') }
  }

  /** The same as a PKCS #12 store. */
  pkcs12({ key, cert }: Identity, password: string): Buffer {
    writeFileSync(join(this.#folder, 'both.pem'), `${key}${cert}`)
    this.#openssl(['pkcs12', '-export', '-in', 'both.pem', '-out', 'both.p12', '-passout', `pass:${password}`])
    return readFileSync(join(this.#folder, 'both.p12'))
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #openssl(args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' })
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8')
  }
}

function newKey(name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`]
}
