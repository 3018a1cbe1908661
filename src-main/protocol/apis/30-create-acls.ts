import { api, array, int8, int16, int32, string } from '../schema'

/**
 * CreateAcls: what each version changed.
 *   1: request +creations.resourcePatternType
 *   2: flexible
 */
export const createAcls = api('CreateAcls', {
  key: 30,
  versions: [0, 3],
  flexible: 2,
  request: {
    creations: array({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8({ since: 1, default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
    }),
  },
})
