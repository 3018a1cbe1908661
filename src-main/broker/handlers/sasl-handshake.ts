import { errorCode } from '../../protocol/errors'
import { type Answer, handler } from '../handler'
import { failedLogin } from '../security/failed-login'

/** SaslHandshake 0-1. After version 0 the tokens come as they are; from 1 on in SaslAuthenticate (KIP-152). */
export const saslHandshake = handler({
  api: 'SaslHandshake',
  versions: [0, 1],
  handle({ mechanism }, call): Answer<'SaslHandshake'> | Promise<Answer<'SaslHandshake'>> {
    const { core, client, version } = call
    const { authentication } = core
    const interruption = authentication.interruption(client, 'SaslHandshake')
    if (interruption !== undefined) {
      call.failed('ILLEGAL_SASL_STATE', interruption)
      return failedLogin(call, { errorCode: errorCode('ILLEGAL_SASL_STATE'), mechanisms: [] })
    }
    if (!authentication.mayBegin(client)) return { errorCode: errorCode('ILLEGAL_SASL_STATE'), mechanisms: [] }
    const isServed = authentication.begin(client, mechanism, version === 0)
    const mechanisms = [...authentication.mechanisms(client.connection.listener)]
    if (isServed) return { errorCode: 0, mechanisms }
    call.failed('UNSUPPORTED_SASL_MECHANISM', `${mechanism} is not served`)
    return failedLogin(call, { errorCode: errorCode('UNSUPPORTED_SASL_MECHANISM'), mechanisms })
  },
})
