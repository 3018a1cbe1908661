import { safeStorage } from 'electron'
import type { Cipher } from '../connections/encrypted-secrets'

/**
 * Encryption by the system: the keychain of macOS, DPAPI of Windows, the keyring of a Linux desktop. A Linux without a keyring has only
 * a password that is built into the app (`basic_text`), which is no secret. Electron is asked when the app is ready.
 */
export const systemCipher: Cipher = {
  storage() {
    const hasKeyring = backend() !== 'basic_text'
    // Without this, Electron encrypts nothing where there is no keyring; the user is told what it is worth, and decides.
    if (!hasKeyring && 'setUsePlainTextEncryption' in safeStorage) safeStorage.setUsePlainTextEncryption(true)
    if (!safeStorage.isEncryptionAvailable()) return 'memory'
    return hasKeyring ? 'keyring' : 'builtInPassword'
  },
  encrypt: (text) => safeStorage.encryptString(text),
  decrypt: (bytes) => safeStorage.decryptString(bytes),
}

/** Of Linux; Electron before 27 does not tell. */
function backend(): string | undefined {
  if (process.platform !== 'linux' || !('getSelectedStorageBackend' in safeStorage)) return undefined
  return safeStorage.getSelectedStorageBackend()
}
