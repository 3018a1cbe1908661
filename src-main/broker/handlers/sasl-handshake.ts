import { errorCode } from '../../protocol/errors'
import { handler } from '../handler'

/** SaslHandshake 0-1. After version 0 the tokens come as they are; from 1 on in SaslAuthenticate (KIP-152). */
export const saslHandshake = handler({
  api: 'SaslHandshake',
  versions: [0, 1],
  handle({ mechanism }, { core, client, version, failed }) {
    const { authentication } = core
    if (!client.connection.listener.startsWith('SASL_')) {
      return { errorCode: errorCode('ILLEGAL_SASL_STATE'), mechanisms: [] }
    }
    const known = authentication.begin(client, mechanism, version === 0)
    if (!known) failed('UNSUPPORTED_SASL_MECHANISM', `${mechanism} is not served`)
    return {
      errorCode: errorCode(known ? 'NONE' : 'UNSUPPORTED_SASL_MECHANISM'),
      mechanisms: [...authentication.mechanisms],
    }
  },
})
