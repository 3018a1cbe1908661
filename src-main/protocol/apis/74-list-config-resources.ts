import { api, array, int8, int16, int32, string } from '../schema'

/**
 * ListConfigResources: what each version changed.
 *   1: request +resourceTypes; response +configResources.resourceType (KIP-1142)
 */
export const listConfigResources = api('ListConfigResources', {
  key: 74,
  versions: [0, 1],
  flexible: 0,
  request: {
    resourceTypes: array(int8(), { since: 1 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    configResources: array({
      resourceName: string(),
      resourceType: int8({ since: 1, default: 16, ignorable: true }),
    }),
  },
})
