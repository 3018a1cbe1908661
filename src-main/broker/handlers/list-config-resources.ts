import { errorCode } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import type { ConfigResourceType } from '../config/configs'
import { resourceTypeCode } from '../config/resources'
import { type Answer, handler } from '../handler'

const listed: readonly ConfigResourceType[] = ['topic', 'broker', 'client-metrics', 'group']
const brokerLoggerCode = 8

/** ListConfigResources 0-1 (KIP-1142): version 0 lists the client metrics subscriptions only. */
export const listConfigResources = handler({
  api: 'ListConfigResources',
  versions: [0, 1],
  handle(request, { core, client, version }): Answer<'ListConfigResources'> {
    if (!allowsOnCluster({ core, client }, 'DESCRIBE_CONFIGS')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), configResources: [] }
    }
    const asked = version === 0 ? [resourceTypeCode('client-metrics')] : request.resourceTypes
    const known = [...listed.map(resourceTypeCode), brokerLoggerCode]
    if (asked.some((code) => !known.includes(code)))
      return { errorCode: errorCode('UNSUPPORTED_VERSION'), configResources: [] }
    const codes = new Set(asked.length > 0 ? asked : known)
    const names: Record<ConfigResourceType, () => string[]> = {
      topic: () => core.topics.all().map(({ name }) => name),
      broker: () => [String(core.cluster.nodeId)],
      'client-metrics': () => core.configs.named('client-metrics'),
      group: () => core.configs.named('group'),
    }
    const resources = listed.flatMap((type) => {
      const resourceType = resourceTypeCode(type)
      return codes.has(resourceType) ? names[type]().map((resourceName) => ({ resourceName, resourceType })) : []
    })
    if (codes.has(brokerLoggerCode)) {
      resources.push({ resourceName: String(core.cluster.nodeId), resourceType: brokerLoggerCode })
    }
    return { errorCode: 0, configResources: resources }
  },
})
