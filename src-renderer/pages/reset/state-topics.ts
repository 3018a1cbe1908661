/**
 * The internal topics of an application of Kafka Streams, by its `application.id`, as kafka-streams-application-reset knows them (StreamsResetter):
 * the group's type does not tell, for the classic protocol of an empty group is any.
 */
export function stateTopics(groupId: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => name.startsWith(`${groupId}-`) && /-(changelog|repartition)$/.test(name)).sort()
}
