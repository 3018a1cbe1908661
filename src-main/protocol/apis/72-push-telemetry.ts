import { api, bool, bytes, int8, int16, int32, uuid } from '../schema'

/** PushTelemetry: one form in all versions. */
export const pushTelemetry = api('PushTelemetry', {
  key: 72,
  versions: [0, 0],
  flexible: 0,
  request: {
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: bool(),
    compressionType: int8(),
    metrics: bytes(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
  },
})
