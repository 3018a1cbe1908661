import { errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'
import { failedLogin } from '../security/failed-login'

const firstVersionWithLifetime = 1

/** SaslAuthenticate 0-2 (KIP-152, KIP-368): one step of the exchange. Who fails is told why, and the connection is closed. */
export const saslAuthenticate = handler({
  api: 'SaslAuthenticate',
  versions: [0, 2],
  async handle({ authBytes }, call): Promise<Answer<'SaslAuthenticate'>> {
    const { core, client, version } = call
    const step = await core.authentication.step(client, authBytes)
    if (!step) {
      const text = 'SaslAuthenticate request received after successful authentication'
      return { errorCode: errorCode('ILLEGAL_SASL_STATE'), errorMessage: text, authBytes: new Uint8Array() }
    }
    if (step.kind === 'failed') {
      call.failed('SASL_AUTHENTICATION_FAILED', step.why)
      const error = errorCode('SASL_AUTHENTICATION_FAILED')
      return failedLogin(call, { errorCode: error, errorMessage: step.message, authBytes: new Uint8Array() })
    }
    const lifetime = version >= firstVersionWithLifetime ? { sessionLifetimeMs: BigInt(step.sessionLifetimeMs) } : {}
    return { errorCode: 0, errorMessage: null, authBytes: step.reply, ...lifetime }
  },
})
