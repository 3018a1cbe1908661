import { errorCode } from '../../protocol/errors'
import { mechanisms } from '../../security/mechanism'
import { handler } from '../handler'

/** SaslHandshake 0-1. Version 0, whose tokens are not Kafka requests, is left to clients of before 2017 (KIP-152). */
export const saslHandshake = handler({
  api: 'SaslHandshake',
  versions: [0, 1],
  handle({ mechanism }, { core, client }) {
    if (!client.connection.listener.startsWith('SASL_')) {
      return { errorCode: errorCode('ILLEGAL_SASL_STATE'), mechanisms: [] }
    }
    const known = core.authentication.begin(client, mechanism)
    return { errorCode: errorCode(known ? 'NONE' : 'UNSUPPORTED_SASL_MECHANISM'), mechanisms: [...mechanisms] }
  },
})
