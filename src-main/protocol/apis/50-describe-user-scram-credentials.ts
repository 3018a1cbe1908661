import { api, array, int8, int16, int32, string } from '../schema'

/** DescribeUserScramCredentials: one form in all versions. */
export const describeUserScramCredentials = api('DescribeUserScramCredentials', {
  key: 50,
  versions: [0, 0],
  flexible: 0,
  request: {
    users: array(
      {
        name: string(),
      },
      { nullable: true },
    ),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      credentialInfos: array({
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  },
})
