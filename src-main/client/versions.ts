import { type ApiName, apiByName, type ResponseOf } from '../protocol/api-types'
import type { Api } from '../protocol/schema'

/** The versions that one broker serves, from its own ApiVersions: brokers of one cluster may differ during an upgrade. */
export class Versions {
  readonly #ranges: ReadonlyMap<number, readonly [min: number, max: number]>

  constructor(answer: Pick<ResponseOf<'ApiVersions'>, 'apiKeys'>) {
    this.#ranges = new Map(
      answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, [minVersion, maxVersion]]),
    )
  }

  /** The newest version that both sides know, at most `limit`; undefined when there is none. */
  pick(name: ApiName, limit = Number.POSITIVE_INFINITY): number | undefined {
    const api: Api = apiByName(name)
    const range = this.#ranges.get(api.key)
    if (!range) return undefined
    const version = Math.min(range[1], api.versions[1], limit)
    return version >= Math.max(range[0], api.versions[0]) ? version : undefined
  }

  /** `5 to 9`, as an error says what the broker serves; undefined when it does not have the API. */
  describe(name: ApiName): string | undefined {
    const range = this.#ranges.get((apiByName(name) as Api).key)
    return range && `${range[0]} to ${range[1]}`
  }
}
