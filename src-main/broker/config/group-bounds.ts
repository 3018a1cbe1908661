/** Configs that a group may set within `group.KIND.min.REST` and `group.KIND.max.REST` of the broker, in the order in which Kafka checks them. */
const ranged = [
  'consumer.heartbeat.interval.ms',
  'consumer.session.timeout.ms',
  'consumer.assignment.interval.ms',
  'share.heartbeat.interval.ms',
  'share.session.timeout.ms',
  'share.record.lock.duration.ms',
  'share.delivery.count.limit',
  'share.partition.max.record.locks',
  'share.assignment.interval.ms',
  'streams.heartbeat.interval.ms',
  'streams.session.timeout.ms',
  'streams.assignment.interval.ms',
] as const

const assignors = ['sticky']

/**
 * Why the configs of a group are not allowed by the broker's, in Kafka's words (GroupConfig.validate). Only what the group sets is
 * checked.
 *
 * @param own what the group sets
 * @param broker the broker's configs
 */
export function groupConfigProblem(
  own: (name: string) => string | undefined,
  broker: (name: string) => number,
): string | undefined {
  const tags =
    own('streams.rack.aware.assignment.tags')
      ?.trim()
      .split(/\s*,\s*/) ?? []
  if (new Set(tags).size !== tags.length) {
    return 'streams.rack.aware.assignment.tags must not contain duplicate tag keys.'
  }
  for (const name of ranged) {
    const value = own(name)
    if (value === undefined) continue
    const [min, max] = [broker(bound(name, 'min')), broker(bound(name, 'max'))]
    if (Number(value) < min || Number(value) > max) return `${name} must be in the range ${min} to ${max} inclusive.`
  }
  const standbys = own('streams.num.standby.replicas')
  const maxStandbys = broker('group.streams.max.standby.replicas')
  if (standbys !== undefined && Number(standbys) > maxStandbys) {
    return `streams.num.standby.replicas must be less than or equal to ${maxStandbys}`
  }
  const assignor = own('streams.assignor.name')
  if (assignor !== undefined && !assignors.includes(assignor)) {
    return `streams.assignor.name '${assignor}' is not a registered task assignor. Registered assignors are: [${assignors.join(', ')}].`
  }
  for (const kind of ['consumer', 'share', 'streams']) {
    const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`]
    const [ownSession, ownHeartbeat] = [own(session), own(heartbeat)]
    if (ownSession === undefined && ownHeartbeat === undefined) continue
    const sessionMs = Number(ownSession ?? broker(`group.${session}`))
    const heartbeatMs = Number(ownHeartbeat ?? broker(`group.${heartbeat}`))
    if (sessionMs <= heartbeatMs) return `${session} must be greater than ${heartbeat}`
  }
  return own('errors.deadletterqueue.topic.name')?.startsWith('__')
    ? "errors.deadletterqueue.topic.name: DLQ topic name must not start with '__'"
    : undefined
}

/** `share.session.timeout.ms`: `group.share.min.session.timeout.ms`. */
function bound(name: string, end: 'min' | 'max'): string {
  const [kind, ...rest] = name.split('.')
  return `group.${kind}.${end}.${rest.join('.')}`
}
