import { errorCode } from '../../protocol/errors'
import { applyOperations, replaceAll } from '../config/alter'
import { type Call, handler } from '../handler'
import { type KafkaFailure, storageFailure } from '../kafka-failure'

interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}

type Alter<R extends Resource> = (resource: R) => KafkaFailure | Promise<KafkaFailure>

/** One answer per resource; a resource named twice is refused by `alter` itself. It waits only where a listener reads its new stores first. */
function answers<R extends Resource>(resources: readonly R[], alter: Alter<R>) {
  const outcomes = resources.map((resource) => {
    try {
      return alter(resource)
    } catch (error) {
      return Promise.reject<KafkaFailure>(error)
    }
  })
  return outcomes.some((outcome) => outcome instanceof Promise)
    ? waitedFor(resources, outcomes)
    : answerOf(resources, outcomes as KafkaFailure[])
}

/** Whatever fails, nothing is set after the answer. */
async function waitedFor(resources: readonly Resource[], outcomes: readonly (KafkaFailure | Promise<KafkaFailure>)[]) {
  await Promise.allSettled(outcomes)
  return answerOf(resources, await Promise.all(outcomes))
}

function answerOf(resources: readonly Resource[], outcomes: readonly KafkaFailure[]) {
  return {
    responses: outcomes.map(({ error, message }, i) => {
      const { resourceType, resourceName } = resources[i]!
      return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName }
    }),
  }
}

const stored = (resources: readonly Resource[]) =>
  answerOf(
    resources,
    resources.map(() => storageFailure),
  )

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
