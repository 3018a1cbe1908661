import { api, array, int16, int32, string } from '../schema'

/**
 * DeleteGroups: what each version changed.
 *   2: flexible
 *   3: response +results.errorMessage
 */
export const deleteGroups = api('DeleteGroups', {
  key: 42,
  versions: [0, 3],
  flexible: 2,
  request: {
    groupsNames: array(string()),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      groupId: string(),
      errorCode: int16(),
      errorMessage: string({ since: 3, nullable: true, default: null, ignorable: true }),
    }),
  },
})
