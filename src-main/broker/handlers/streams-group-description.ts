import type { DescriptionReply } from '../../groups/streams/events'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'

/** Larger descriptions are refused: a group is stored as one document. */
const maxDescriptionLength = 1_000_000

/** StreamsGroupTopologyDescriptionUpdate 0 (KIP-1331): the processor graph of an application, which Kafka gives to a plug-in. */
export const streamsGroupTopologyDescriptionUpdate = handler({
  api: 'StreamsGroupTopologyDescriptionUpdate',
  versions: [0, 0],
  handle(
    { groupId, memberId, topologyEpoch, topologyDescription: description },
    call,
  ): Answer<'StreamsGroupTopologyDescriptionUpdate'> | Promise<Answer<'StreamsGroupTopologyDescriptionUpdate'>> {
    const { core, client } = call
    if (!core.groups.settings.isStreamsEnabled(core.features)) return refused('UNSUPPORTED_VERSION', null, call)
    if (!core.authorizer.allows(client, 'READ', 'GROUP', groupId)) {
      return refused('GROUP_AUTHORIZATION_FAILED', null, call)
    }
    if (JSON.stringify(description).length > maxDescriptionLength) {
      const message = `The topology description has more than ${maxDescriptionLength} characters.`
      return refused('STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED', message, call)
    }
    const reply = core.groups.ask<DescriptionReply>(groupId, (ticket) => ({
      kind: 'descriptionSent',
      ticket,
      memberId,
      topologyEpoch,
      description,
    }))
    return (
      reply?.then(({ error, message }) => (error === 'NONE' ? { errorCode: 0 } : refused(error, message, call))) ??
      refused('GROUP_ID_NOT_FOUND', `Group ${groupId} not found.`, call)
    )
  },
  storageFailed: (_request, call) => refused('COORDINATOR_NOT_AVAILABLE', null, call),
})

function refused(
  error: ErrorName,
  message: string | null,
  { failed }: Call,
): Answer<'StreamsGroupTopologyDescriptionUpdate'> {
  failed(error, message ?? 'streams group topology description')
  return { errorCode: errorCode(error), errorMessage: message }
}
