import type { ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import type { Features } from '../features'
import { type Answer, handler, type RegisteredHandler } from '../handler'
import { failedLogin } from '../security/failed-login'

/** Names and versions of client software that Kafka accepts (ApiVersionsRequest.isValid). */
const softwareName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

export interface ServedApi {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}

/**
 * ApiVersions 0-5, computed from the handlers. Features whose lowest level is 0 are left out before version 4, whose readers cannot
 * take them (KAFKA-17492).
 */
export function apiVersions(served: () => readonly ServedApi[]): RegisteredHandler {
  return handler({
    api: 'ApiVersions',
    versions: [0, 5],
    handle(request, call): Answer<'ApiVersions'> | Promise<Answer<'ApiVersions'>> {
      const { core, client, version } = call
      const interruption = core.authentication.interruption(client, 'ApiVersions')
      if (interruption !== undefined) {
        call.failed('ILLEGAL_SASL_STATE', interruption)
        return failedLogin(call, { errorCode: errorCode('ILLEGAL_SASL_STATE'), apiKeys: [] })
      }
      if (version >= 3) {
        const { clientSoftwareName, clientSoftwareVersion } = request
        if (!softwareName.test(clientSoftwareName) || !softwareName.test(clientSoftwareVersion)) {
          return { errorCode: errorCode('INVALID_REQUEST'), apiKeys: [] }
        }
        core.clients.identify(client, clientSoftwareName, clientSoftwareVersion)
      }
      if (version >= 5 && isElsewhere(request, core.cluster))
        return { errorCode: errorCode('REBOOTSTRAP_REQUIRED'), apiKeys: [] }
      return { errorCode: 0, apiKeys: [...served()], ...featuresOf(core.features, version) }
    },
  })
}

/** KIP-1242: a client that came to the wrong cluster or node is sent back to its bootstrap servers. */
function isElsewhere(
  { clusterId, nodeId }: { readonly clusterId: string | null; readonly nodeId: number },
  cluster: { readonly clusterId: string; readonly nodeId: number },
): boolean {
  return (clusterId !== null && clusterId !== cluster.clusterId) || (nodeId >= 0 && nodeId !== cluster.nodeId)
}

function featuresOf(features: Features, version: number): Partial<ResponseInput<'ApiVersions'>> {
  const all = features.all()
  return {
    supportedFeatures: all
      .filter(({ min }) => version >= 4 || min > 0)
      .map(({ name, min, max }) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: features.epoch,
    finalizedFeatures: all
      .filter(({ finalized }) => finalized > 0)
      .map(({ name, finalized }) => ({ name, maxVersionLevel: finalized, minVersionLevel: finalized })),
  }
}

/** KIP-511: a version that is not served gets this in version 0, so that the client can choose another. */
export const apiVersionsUnsupported: ResponseInput<'ApiVersions'> = {
  errorCode: errorCode('UNSUPPORTED_VERSION'),
  apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 5 }],
}
