import { inHashMapOrder, partitionHash } from '../../base/java-hash'
import { errorCode } from '../../protocol/errors'
import { offsetsTopic, partitionOf } from './offsets-topic'

interface GroupAnswer {
  readonly groupId: string
  readonly errorCode: number
}

/**
 * Answers about several groups in Kafka's order: its coordinator works partition by partition of `__consumer_offsets`, from a hash map
 * (GroupCoordinatorService.describeGroups, deleteGroups). Groups that are denied never get there, and are listed before or after.
 */
export function inCoordinatorOrder<T extends GroupAnswer>(
  answers: readonly T[],
  partitions: number,
  denied: 'first' | 'last',
): T[] {
  const isDenied = (answer: T) => answer.errorCode === errorCode('GROUP_AUTHORIZATION_FAILED')
  const isInvalid = (answer: T) => answer.errorCode === errorCode('INVALID_GROUP_ID')
  const coordinated = answers.filter((answer) => !isDenied(answer) && !isInvalid(answer))
  const placeOf = ({ groupId }: T) => partitionOf(groupId, partitions)
  // HashMap.computeIfAbsent puts an entry before those of the same bucket; put would add it after them.
  const newestFirst = [...new Set(coordinated.map(placeOf))].reverse()
  const places = inHashMapOrder(newestFirst, (place) => partitionHash(offsetsTopic, place))
  const reached = [
    ...answers.filter(isInvalid),
    ...places.flatMap((place) => coordinated.filter((answer) => placeOf(answer) === place)),
  ]
  return denied === 'first' ? [...answers.filter(isDenied), ...reached] : [...reached, ...answers.filter(isDenied)]
}
