import { api, array, bool, int16, int32, int64, string } from '../schema'

/**
 * ApiVersions: what each version changed.
 *   1: response +throttleTimeMs
 *   3: request +clientSoftwareName, +clientSoftwareVersion; response +supportedFeatures, ...
 *   5: request +clusterId, +nodeId (KIP-1242)
 */
export const apiVersions = api('ApiVersions', {
  key: 18,
  versions: [0, 5],
  flexible: 3,
  request: {
    clientSoftwareName: string({ since: 3, ignorable: true }),
    clientSoftwareVersion: string({ since: 3, ignorable: true }),
    clusterId: string({ since: 5, nullable: true, default: null, ignorable: true }),
    nodeId: int32({ since: 5, default: -1, ignorable: true }),
  },
  response: {
    errorCode: int16(),
    apiKeys: array({
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    supportedFeatures: array(
      {
        name: string({ since: 3 }),
        minVersion: int16({ since: 3 }),
        maxVersion: int16({ since: 3 }),
      },
      { since: 3, ignorable: true, tag: { id: 0 } },
    ),
    finalizedFeaturesEpoch: int64({ since: 3, default: -1n, ignorable: true, tag: { id: 1 } }),
    finalizedFeatures: array(
      {
        name: string({ since: 3 }),
        maxVersionLevel: int16({ since: 3 }),
        minVersionLevel: int16({ since: 3 }),
      },
      { since: 3, ignorable: true, tag: { id: 2 } },
    ),
    zkMigrationReady: bool({ since: 3, default: false, ignorable: true, tag: { id: 3 } }),
  },
})
