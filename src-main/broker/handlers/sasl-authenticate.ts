import { errorCode } from '../../protocol/errors'
import { handler } from '../handler'

/** SaslAuthenticate 0-2 (KIP-152): one step of the exchange. */
export const saslAuthenticate = handler({
  api: 'SaslAuthenticate',
  versions: [0, 2],
  handle({ authBytes }, { core, client, failed }) {
    const step = core.authentication.step(client, authBytes)
    if (!step) {
      const text = 'SaslAuthenticate request received without a SASL handshake, or after successful authentication'
      return { errorCode: errorCode('ILLEGAL_SASL_STATE'), errorMessage: text, authBytes: new Uint8Array() }
    }
    if (step.kind === 'failed') {
      failed('SASL_AUTHENTICATION_FAILED', step.why)
      return {
        errorCode: errorCode('SASL_AUTHENTICATION_FAILED'),
        errorMessage: step.message,
        authBytes: new Uint8Array(),
      }
    }
    return { errorCode: 0, errorMessage: null, authBytes: step.reply }
  },
})
