import { type ErrorName, errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Answer, type Call, handler } from '../handler'

const lastVersionWithResults = 1
const upgradeOnly = 1

/** UpdateFeatures 0-2 (FeatureControlManager.updateFeatures); all or nothing. */
export const updateFeatures = handler({
  api: 'UpdateFeatures',
  versions: [0, 2],
  handle(request, call): Answer<'UpdateFeatures'> {
    const { core, client, version } = call
    if (!allowsOnCluster({ core, client }, 'ALTER')) {
      return {
        errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'),
        errorMessage: null,
        ...(version <= lastVersionWithResults ? { results: [] } : {}),
      }
    }
    const problems = request.featureUpdates.map((update) => problemWith(update, call))
    const first = problems.find((problem) => problem !== undefined)
    if (!first && !request.validateOnly) {
      for (const { feature, maxVersionLevel } of request.featureUpdates) core.features.set(feature, maxVersionLevel)
    }
    if (version > lastVersionWithResults) {
      return { errorCode: errorCode(first?.error ?? 'NONE'), errorMessage: first?.message ?? null }
    }
    return {
      errorCode: 0,
      errorMessage: null,
      results: request.featureUpdates.map(({ feature }, i) => ({
        feature,
        errorCode: errorCode(problems[i]?.error ?? 'NONE'),
        errorMessage: problems[i]?.message ?? null,
      })),
    }
  },
})

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
): { readonly error: ErrorName; readonly message: string } | undefined {
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
