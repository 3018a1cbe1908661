import { api, array, bool, bytes, int16, int32, string } from '../schema'

/**
 * DescribeGroups: what each version changed.
 *   1: response +throttleTimeMs
 *   3: request +includeAuthorizedOperations; response +groups.authorizedOperations
 *   4: response +groups.members.groupInstanceId
 *   5: flexible
 *   6: response +groups.errorMessage (KIP-1043)
 */
export const describeGroups = api('DescribeGroups', {
  key: 15,
  versions: [0, 6],
  flexible: 5,
  request: {
    groups: array(string()),
    includeAuthorizedOperations: bool({ since: 3 }),
  },
  response: {
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ since: 6, nullable: true, default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array({
        memberId: string(),
        groupInstanceId: string({ since: 4, nullable: true, default: null, ignorable: true }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32({ since: 3, default: -2147483648 }),
    }),
  },
})
