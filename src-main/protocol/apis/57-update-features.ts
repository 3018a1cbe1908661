import { api, array, bool, int8, int16, int32, string } from '../schema'

/**
 * UpdateFeatures: what each version changed.
 *   1: request -featureUpdates.allowDowngrade, +featureUpdates.upgradeType, +validateOnly
 *   2: response -results
 */
export const updateFeatures = api('UpdateFeatures', {
  key: 57,
  versions: [0, 2],
  flexible: 0,
  request: {
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array({
      feature: string(),
      maxVersionLevel: int16(),
      allowDowngrade: bool({ until: 0 }),
      upgradeType: int8({ since: 1, default: 1 }),
    }),
    validateOnly: bool({ since: 1, default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    results: array(
      {
        feature: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      },
      { until: 1, ignorable: true },
    ),
  },
})
