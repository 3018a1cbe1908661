import { api, array, int16, int32, string } from '../schema'

/**
 * ListGroups: what each version changed.
 *   1: response +throttleTimeMs
 *   3: flexible
 *   4: request +statesFilter; response +groups.groupState (KIP-518)
 *   5: request +typesFilter; response +groups.groupType (KIP-848)
 */
export const listGroups = api('ListGroups', {
  key: 16,
  versions: [0, 5],
  flexible: 3,
  request: {
    statesFilter: array(string(), { since: 4 }),
    typesFilter: array(string(), { since: 5 }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    errorCode: int16(),
    groups: array({
      groupId: string(),
      protocolType: string(),
      groupState: string({ since: 4, ignorable: true }),
      groupType: string({ since: 5, ignorable: true }),
    }),
  },
})
