import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Connections } from '../../../src-main/connections/connections'
import { EncryptedSecrets } from '../../../src-main/connections/encrypted-secrets'
import { keeperOf } from '../../../src-main/connections/keeper'
import { cipherOf, type SafeStorage } from '../../../src-main/shell/cipher'

let folder: string
const faults: unknown[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-cipher-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  expect(faults.splice(0)).toEqual([])
})

/** A keyring: what was encrypted with one key can be decrypted with no other. */
class FakeKeyring implements SafeStorage {
  isThere = true
  key = 1
  backend = 'gnome_libsecret'
  usesPlainText = false

  isEncryptionAvailable(): boolean {
    return this.isThere && (this.backend !== 'basic_text' || this.usesPlainText)
  }

  encryptString(text: string): Buffer {
    if (!this.isEncryptionAvailable()) throw new Error('encryption is not available')
    return Buffer.from([this.key, ...Buffer.from(text).map((byte) => byte ^ 0x5a)])
  }

  decryptString(bytes: Buffer): string {
    if (bytes[0] !== this.key) throw new Error('Error while decrypting the ciphertext')
    return Buffer.from(bytes.subarray(1).map((byte) => byte ^ 0x5a)).toString()
  }

  getSelectedStorageBackend(): string {
    return this.backend
  }

  setUsePlainTextEncryption(uses: boolean): void {
    this.usesPlainText = uses
  }
}

/** The connections of an app that starts now. */
function started(keyring: SafeStorage, platform: NodeJS.Platform = 'linux') {
  const secrets = new EncryptedSecrets(join(folder, 'secrets.json'), cipherOf(keyring, platform), () => 17)
  const path = join(folder, 'connections.json')
  const connections = new Connections({ path, secrets, now: () => 17, onError: (error) => void faults.push(error) })
  return { connections, keeper: keeperOf(connections, () => {}) }
}

function save(
  { connections }: ReturnType<typeof started>,
  part: { id?: string; storesSecrets?: boolean } = {},
): string {
  return connections.save({
    id: null,
    name: 'payments',
    color: null,
    stage: null,
    settings: { 'bootstrap.servers': 'a:9092' },
    secrets: { 'sasl.password': 'hush' },
    storesSecrets: true,
    ...part,
  })
}

describe('secrets by the keyring of the system', () => {
  test('are stored encrypted, and are there after a restart', async () => {
    const keyring = new FakeKeyring()
    const id = save(started(keyring))
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('hush')
    const { keeper } = started(keyring)
    expect((await keeper.dialSettings(id)).settings['sasl.password']).toBe('hush')
    expect(await keeper.view()).toMatchObject({ secretStorage: 'keyring', problem: null })
  })

  test.each(['darwin', 'win32'] as const)('of %s: no one is asked which keyring it is', async (platform) => {
    const { isEncryptionAvailable, encryptString, decryptString } = FakeKeyring.prototype
    const keyring = Object.assign(Object.create({ isEncryptionAvailable, encryptString, decryptString }), {
      isThere: true,
      key: 1,
      backend: 'keychain',
    }) as SafeStorage
    const id = save(started(keyring, platform))
    const { keeper } = started(keyring, platform)
    expect(await keeper.view()).toMatchObject({ secretStorage: 'keyring', problem: null })
    expect((await keeper.dialSettings(id)).settings['sasl.password']).toBe('hush')
  })

  test('of a Linux without one have the password of the app: that is said, and nothing is stored unless the user wants it', async () => {
    const keyring = new FakeKeyring()
    keyring.backend = 'basic_text'
    const app = started(keyring)
    expect((await app.keeper.view()).secretStorage).toBe('builtInPassword')
    save(app, { storesSecrets: false })
    expect(existsSync(join(folder, 'secrets.json'))).toBe(false)
    expect(started(keyring).connections.lines()[0]?.secrets).toEqual([{ setting: 'sasl.password', isSet: false }])
  })

  test('that is not available are in memory, until the app ends', async () => {
    const keyring = new FakeKeyring()
    keyring.isThere = false
    const app = started(keyring)
    const id = save(app)
    expect(await app.keeper.view()).toMatchObject({ secretStorage: 'memory', problem: null })
    expect((await app.keeper.dialSettings(id)).settings['sasl.password']).toBe('hush')
    expect(existsSync(join(folder, 'secrets.json'))).toBe(false)
    await expect(started(keyring).keeper.dialSettings(id)).rejects.toThrow(
      'payments needs sasl.password. Enter it on the Connections page.',
    )
  })

  test('that is locked for now stay stored, and it is said why they are not set', async () => {
    const keyring = new FakeKeyring()
    const id = save(started(keyring))
    keyring.isThere = false
    const locked = started(keyring)
    await expect(locked.keeper.dialSettings(id)).rejects.toThrow('payments needs sasl.password.')
    expect(await locked.keeper.view()).toMatchObject({
      secretStorage: 'memory',
      problem: expect.stringMatching(/^Some secrets are stored, but the keyring of this system is not available/),
    })
    keyring.isThere = true
    expect((await started(keyring).keeper.dialSettings(id)).settings['sasl.password']).toBe('hush')
  })

  test('that was replaced are entered again, and then all is well', async () => {
    const keyring = new FakeKeyring()
    const id = save(started(keyring))
    keyring.key = 2
    const app = started(keyring)
    await expect(app.keeper.dialSettings(id)).rejects.toThrow('payments needs sasl.password.')
    expect((await app.keeper.view()).problem).toMatch(/^Some secrets cannot be decrypted: .* Enter them again\.$/)
    save(app, { id })
    expect((await app.keeper.dialSettings(id)).settings['sasl.password']).toBe('hush')
    expect((await app.keeper.view()).problem).toBeNull()
    expect((await started(keyring).keeper.dialSettings(id)).settings['sasl.password']).toBe('hush')
  })

  test('that fails while it encrypts: nothing is saved, and that is said', () => {
    const keyring = new FakeKeyring()
    const app = started(keyring)
    keyring.encryptString = () => {
      throw new Error('the keyring was locked')
    }
    expect(() => save(app)).toThrow('A secret cannot be encrypted: the keyring was locked. Nothing was saved.')
    expect(app.connections.all()).toEqual([])
  })
})
