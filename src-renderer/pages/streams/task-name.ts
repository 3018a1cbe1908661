/** `0_3`: subtopology and partition, as Kafka Streams logs it. */
export function taskName(subtopologyId: string, partition: number): string {
  return `${subtopologyId}_${partition}`
}
