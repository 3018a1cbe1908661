import type { Cipher } from '../connections/encrypted-secrets'

/** The part of Electron's `safeStorage` that encrypts secrets. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean
  encryptString(text: string): Buffer
  decryptString(bytes: Buffer): string
  /** Of Linux. */
  getSelectedStorageBackend?(): string
  setUsePlainTextEncryption?(uses: boolean): void
}

/**
 * Encryption by the system: the keychain of macOS, DPAPI of Windows, the keyring of a Linux desktop. A Linux without a keyring has only
 * a password that is built into the app (`basic_text`), which is no secret. Electron is asked when the app is ready.
 */
export function cipherOf(safeStorage: SafeStorage, platform: NodeJS.Platform): Cipher {
  return {
    storage() {
      const hasKeyring = platform !== 'linux' || safeStorage.getSelectedStorageBackend?.() !== 'basic_text'
      // Without this, Electron encrypts nothing where there is no keyring; the user is told what it is worth, and decides.
      if (!hasKeyring) safeStorage.setUsePlainTextEncryption?.(true)
      if (!safeStorage.isEncryptionAvailable()) return 'memory'
      return hasKeyring ? 'keyring' : 'builtInPassword'
    },
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (bytes) => safeStorage.decryptString(bytes),
  }
}
