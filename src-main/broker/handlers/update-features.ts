import type { ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, type Call, handler } from '../handler'
import { type KafkaFailure, kafkaFailure, storageFailure } from '../kafka-failure'

const lastVersionWithResults = 1
const upgradeOnly = 1

/** UpdateFeatures 0-2 (FeatureControlManager.updateFeatures); all or nothing. */
export const updateFeatures = handler({
  api: 'UpdateFeatures',
  versions: [0, 2],
  handle(request, call): Answer<'UpdateFeatures'> {
    const { core, client, version } = call
    if (!allowsOnCluster({ core, client }, 'ALTER')) {
      return answer(version, kafkaFailure('CLUSTER_AUTHORIZATION_FAILED'), [])
    }
    const problems = request.featureUpdates.map((update) => problemWith(update, call))
    const first = problems.find((problem) => problem !== undefined)
    if (!first && !request.validateOnly) {
      for (const { feature, maxVersionLevel } of request.featureUpdates) core.features.set(feature, maxVersionLevel)
      if (core.features.level('share.version') === 0) core.share.forgetAll()
    }
    if (first) return answer(version, first, [])
    const done = request.featureUpdates.map(({ feature }) => ({ feature, errorCode: 0, errorMessage: null }))
    return answer(version, { error: 'NONE', message: null }, done)
  },
  storageFailed: (_request, { version }) => answer(version, storageFailure, []),
})

/** A refused update is an error of the whole request, in all versions; until version 1 a good one has a result per feature. */
function answer(
  version: number,
  { error, message }: KafkaFailure,
  results: NonNullable<ResponseInput<'UpdateFeatures'>['results']>,
): ResponseInput<'UpdateFeatures'> {
  return {
    errorCode: errorCode(error),
    errorMessage: message,
    ...(version <= lastVersionWithResults ? { results } : {}),
  }
}

function problemWith(
  {
    feature: name,
    maxVersionLevel: level,
    upgradeType,
    allowDowngrade,
  }: {
    readonly feature: string
    readonly maxVersionLevel: number
    readonly upgradeType: number
    readonly allowDowngrade: boolean
  },
  { core, version }: Call,
): KafkaFailure | undefined {
  const invalid = (why: string) => ({
    error: 'INVALID_UPDATE_VERSION' as const,
    message: `The update failed for all features since the following feature had an error: Invalid update version ${level} for feature ${name}. ${why}`,
  })
  const feature = core.features.find(name)
  if (!feature) return invalid('Local controller 1 does not support this feature.')
  if (level < feature.min || level > feature.max) {
    return invalid(`Local controller 1 only supports versions ${feature.min}-${feature.max}`)
  }
  const mayDowngrade = version === 0 ? allowDowngrade : upgradeType !== upgradeOnly
  return level < feature.finalized && !mayDowngrade
    ? invalid(
        "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
      )
    : undefined
}
