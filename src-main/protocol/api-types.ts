import { apis } from './apis'
import type { InputOf, ValueOf } from './schema'

export type AnyApi = (typeof apis)[number]
export type ApiName = AnyApi['name']
export type ApiOf<N extends ApiName> = Extract<AnyApi, { readonly name: N }>
/** What decoding a request gives. */
export type RequestOf<N extends ApiName> = ValueOf<ApiOf<N>['request']['fields']>
/** What encoding a request takes. */
export type RequestInput<N extends ApiName> = InputOf<ApiOf<N>['request']['fields']>
/** What decoding a response gives. */
export type ResponseOf<N extends ApiName> = ValueOf<ApiOf<N>['response']['fields']>
/** What encoding a response takes. */
export type ResponseInput<N extends ApiName> = InputOf<ApiOf<N>['response']['fields']>

const byKey = new Map<number, AnyApi>(apis.map((api) => [api.key, api]))
const byName = new Map<string, AnyApi>(apis.map((api) => [api.name, api]))

export function apiByKey(key: number): AnyApi | undefined {
  return byKey.get(key)
}

export function apiByName<N extends ApiName>(name: N): ApiOf<N> {
  return byName.get(name) as ApiOf<N>
}
