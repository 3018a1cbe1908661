import { errorCode } from '../../protocol/errors'
import { applyOperations, replaceAll } from '../config/alter'
import { type Call, handler } from '../handler'
import type { KafkaFailure } from '../kafka-failure'

interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}

/** One answer per resource; a resource named twice is refused by `alter` itself. */
function answers<R extends Resource>(resources: readonly R[], alter: (resource: R) => KafkaFailure) {
  return {
    responses: resources.map((resource) => {
      const { error, message } = alter(resource)
      const { resourceType, resourceName } = resource
      return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName }
    }),
  }
}

const stored = (resources: readonly Resource[]) =>
  answers(resources, () => ({ error: 'KAFKA_STORAGE_ERROR', message: 'The workspace could not be written.' }))

/** AlterConfigs 0-2: what is not named goes back to its default. */
export const alterConfigs = handler({
  api: 'AlterConfigs',
  versions: [0, 2],
  handle: (request, call: Call) =>
    answers(request.resources, (resource) => replaceAll(resource, resource.configs, request.validateOnly, call)),
  storageFailed: (request) => stored(request.resources),
})

/** IncrementalAlterConfigs 0-1 (KIP-339): set, delete, append to and subtract from lists. */
export const incrementalAlterConfigs = handler({
  api: 'IncrementalAlterConfigs',
  versions: [0, 1],
  handle: (request, call: Call) =>
    answers(request.resources, (resource) => applyOperations(resource, resource.configs, request.validateOnly, call)),
  storageFailed: (request) => stored(request.resources),
})
